import type { QueryClient } from "@tanstack/react-query";
import {
  listAllJobsInfiniteQueryKey,
  listAllJobsQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";

/** Asks anew for whatever shows everybody's jobs. */
export function refreshJobs(queryClient: QueryClient): Promise<unknown> {
  return Promise.all([
    queryClient.invalidateQueries({ queryKey: listAllJobsInfiniteQueryKey() }),
    queryClient.invalidateQueries({ queryKey: listAllJobsQueryKey() }),
  ]);
}

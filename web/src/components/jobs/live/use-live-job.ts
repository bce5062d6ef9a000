import { useQuery, useQueryClient } from "@tanstack/react-query";
import { readJobOptions } from "@/api/generated/@tanstack/react-query.gen";
import { isGone } from "@/api/problem";
import { isActive, pollJob } from "@/lib/jobs";
import { useJobFeed } from "./use-job-feed";

/**
 * One job as it is now: while it moves, the account's stream tells of it, and where that is away, it
 * is asked for again and again. Nobody asks for one that is being deleted.
 */
export function useLiveJob(jobId: string, isBeingDeleted = false) {
  const options = readJobOptions({ path: { job_id: jobId } });
  const known = useQueryClient().getQueryData(options.queryKey);
  const feed = useJobFeed(known !== undefined && isActive(known));
  return useQuery({
    ...options,
    enabled: !isBeingDeleted,
    refetchInterval: ({ state: { data, error } }) => {
      const isTold = data !== undefined && feed === "live";
      return !isTold && !isGone(error) && pollJob(data);
    },
  });
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  cancelJobMutation,
  deleteJobMutation,
  listJobsInfiniteQueryKey,
  retryJobMutation,
} from "@/api/generated/@tanstack/react-query.gen";

/** The calls that change one job, with the list asked for anew after each. */
export function useJobActions(jobId: string) {
  const queryClient = useQueryClient();
  const onSettled = () => queryClient.invalidateQueries({ queryKey: listJobsInfiniteQueryKey() });
  const cancel = useMutation({ ...cancelJobMutation(), onSettled });
  const retry = useMutation({ ...retryJobMutation(), onSettled });
  const remove = useMutation({ ...deleteJobMutation(), onSettled });
  const call = { path: { job_id: jobId } };
  return {
    cancel: () => {
      cancel.mutate(call);
    },
    retry: () => {
      retry.mutate(call);
    },
    remove: () => {
      remove.mutate(call);
    },
    error: cancel.error ?? retry.error ?? remove.error,
    reset: () => {
      for (const mutation of [cancel, retry, remove]) mutation.reset();
    },
  };
}

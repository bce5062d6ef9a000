import { useMutation, useQueryClient } from "@tanstack/react-query";
import {
  cancelJobMutation,
  deleteJobMutation,
  deleteRecordingMutation,
  deleteTranscriptMutation,
  listJobsInfiniteQueryKey,
  readJobQueryKey,
  readTranscriptQueryKey,
  rerunJobMutation,
  retryJobMutation,
} from "@/api/generated/@tanstack/react-query.gen";

/** The calls that change one job; what is shown of it is asked for anew after each. */
export function useJobActions(jobId: string) {
  const queryClient = useQueryClient();
  const call = { path: { job_id: jobId } };
  const refreshList = () => queryClient.invalidateQueries({ queryKey: listJobsInfiniteQueryKey() });
  const refresh = () =>
    Promise.all([
      refreshList(),
      queryClient.invalidateQueries({ queryKey: readJobQueryKey(call) }),
    ]);
  return {
    call,
    cancel: useMutation({ ...cancelJobMutation(), onSettled: refresh }),
    retry: useMutation({ ...retryJobMutation(), onSettled: refresh }),
    rerun: useMutation({
      ...rerunJobMutation(),
      onSuccess: (job) => {
        queryClient.setQueryData(readJobQueryKey({ path: { job_id: job.id } }), job);
      },
      // A refusal may tell of a change made elsewhere, so the original is asked for as well.
      onSettled: refresh,
    }),
    removeRecording: useMutation({ ...deleteRecordingMutation(), onSettled: refresh }),
    removeTranscript: useMutation({
      ...deleteTranscriptMutation(),
      onSuccess: () => {
        queryClient.removeQueries({ queryKey: readTranscriptQueryKey(call) });
      },
      onSettled: refresh,
    }),
    // The job itself must not be asked for again: it is gone.
    remove: useMutation({ ...deleteJobMutation(), onSettled: refreshList }),
    /** Forgets what this browser still holds of a deleted job. */
    forget: () => {
      queryClient.removeQueries({ queryKey: readJobQueryKey(call) });
      queryClient.removeQueries({ queryKey: readTranscriptQueryKey(call) });
    },
  };
}

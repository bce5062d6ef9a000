import { useMutation, useQueryClient } from "@tanstack/react-query";
import { restoreRevision } from "@/api/generated";
import { listRevisionsInfiniteQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import type { OpenTranscript } from "../open-transcript";

/** Makes the content of an earlier revision the newest. */
export function useRestore(transcript: OpenTranscript) {
  const queryClient = useQueryClient();
  const { jobId } = transcript;
  return useMutation({
    mutationFn: async (number: number) => {
      const revision = await transcript.flush();
      const path = { job_id: jobId, number };
      const { data } = await restoreRevision({ path, body: { revision }, throwOnError: true });
      return data.revision;
    },
    onSuccess: (revision) => transcript.reload(revision),
    onSettled: () =>
      queryClient.invalidateQueries({
        queryKey: listRevisionsInfiniteQueryKey({ path: { job_id: jobId } }),
      }),
  });
}

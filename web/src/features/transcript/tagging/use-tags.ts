import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { TagList } from "@/api/generated";
import {
  listTagsQueryKey,
  readTagsOptions,
  readTagsQueryKey,
  setTagsMutation,
} from "@/api/generated/@tanstack/react-query.gen";

/** The tags of a transcript, and how they are changed: shown at once, taken back if refused. */
export function useTags(jobId: string) {
  const queryClient = useQueryClient();
  const call = { path: { job_id: jobId } };
  const queryKey = readTagsQueryKey(call);
  const read = useQuery(readTagsOptions(call));
  const change = useMutation({
    ...setTagsMutation(),
    onMutate: async ({ body }) => {
      await queryClient.cancelQueries({ queryKey });
      queryClient.setQueryData<TagList>(queryKey, { tags: body.tags });
    },
    onSuccess: (kept) => {
      queryClient.setQueryData<TagList>(queryKey, kept);
      return queryClient.invalidateQueries({ queryKey: listTagsQueryKey() });
    },
    onError: () => queryClient.invalidateQueries({ queryKey }),
  });
  return {
    read,
    change,
    set: (tags: readonly string[]) => {
      change.mutate({ ...call, body: { tags: [...tags] } });
    },
  };
}

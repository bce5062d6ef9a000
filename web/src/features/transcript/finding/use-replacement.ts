import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  type ReplaceResult,
  replaceInTranscript,
  restoreRevision,
  type TextReplacement,
} from "@/api/generated";
import { listRevisionsInfiniteQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import type { OpenTranscript } from "../open-transcript";

export type Replacing = Omit<TextReplacement, "revision" | "dry_run">;

export interface Previewed {
  /** What was asked, which the result belongs to. */
  asked: Replacing;
  result: ReplaceResult;
}

/** Replacing in the whole transcript: seen first, then done, then perhaps taken back. */
export function useReplacement(transcript: OpenTranscript) {
  const queryClient = useQueryClient();
  const [preview, setPreview] = useState<Previewed>();
  const [done, setDone] = useState<{ before: number; result: ReplaceResult }>();
  const path = { job_id: transcript.jobId };
  const refreshHistory = () =>
    queryClient.invalidateQueries({ queryKey: listRevisionsInfiniteQueryKey({ path }) });

  const look = useMutation({
    mutationFn: async (asked: Replacing) => {
      const body = { ...asked, revision: await transcript.flush(), dry_run: true };
      const { data } = await replaceInTranscript({ path, body, throwOnError: true });
      return { asked, result: data };
    },
    onSuccess: (seen) => {
      setPreview(seen);
      setDone(undefined);
    },
  });
  const replace = useMutation({
    // The revision that was seen: if another came between, the service refuses.
    mutationFn: async ({ asked, result: { revision } }: Previewed) => {
      const { data } = await replaceInTranscript({
        path,
        body: { ...asked, revision },
        throwOnError: true,
      });
      return { before: revision, result: data };
    },
    onSuccess: async (replaced) => {
      setPreview(undefined);
      setDone(replaced);
      await Promise.all([transcript.reload(replaced.result.revision), refreshHistory()]);
    },
  });
  const undo = useMutation({
    mutationFn: async ({ before, result: { revision } }: NonNullable<typeof done>) => {
      await transcript.flush();
      const { data } = await restoreRevision({
        path: { ...path, number: before },
        // Only while nothing was changed since: it would be undone as well.
        body: { revision },
        throwOnError: true,
      });
      return data.revision;
    },
    onSuccess: async (revision) => {
      setDone(undefined);
      await Promise.all([transcript.reload(revision), refreshHistory()]);
    },
  });
  const calls = { look, replace, undo };
  return {
    ...calls,
    preview,
    done,
    error: look.error ?? replace.error ?? undo.error,
    /** Forgets the preview, as when what is asked for has changed. */
    clear: () => {
      setPreview(undefined);
      for (const call of Object.values(calls)) call.reset();
    },
  };
}

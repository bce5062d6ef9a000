import { createJob } from "@/api/generated";
import { formDataBodySerializer } from "@/api/generated/client";
import { fetchWithProgress } from "@/lib/fetch-with-progress";
import { toRequestBody } from "./job-choices";
import type { SendRecording } from "./upload-queue";

/** Sends one recording through the generated client, with progress. */
export const sendRecording: SendRecording = async ({ id, file, choices, onProgress, signal }) => {
  const body = toRequestBody(choices, file);
  const form = formDataBodySerializer.bodySerializer(body);
  const { data } = await createJob({
    body,
    // A file sent again after a lost answer becomes no second job.
    headers: { "Idempotency-Key": id },
    bodySerializer: () => form,
    fetch: fetchWithProgress(() => form, onProgress),
    signal,
    throwOnError: true,
  });
  return data;
};

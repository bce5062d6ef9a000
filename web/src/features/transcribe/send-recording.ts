import { createJob, type CreateJobData } from "@/api/generated";
import { formDataBodySerializer } from "@/api/generated/client";
import type { JobChoices } from "@/components/jobs/job-choices";
import { fetchWithProgress } from "@/lib/fetch-with-progress";
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

/** The form as the service takes it: what was left empty is left out, and the file comes last. */
function toRequestBody(choices: JobChoices, file: File): CreateJobData["body"] {
  return {
    ...(choices.model !== null && { model: choices.model }),
    ...(choices.language !== null && { language: choices.language }),
    task: choices.task,
    ...(choices.initialPrompt.trim() && { initial_prompt: choices.initialPrompt.trim() }),
    ...(choices.hotwords.trim() && { hotwords: choices.hotwords.trim() }),
    word_timestamps: choices.wordTimestamps,
    file,
  };
}

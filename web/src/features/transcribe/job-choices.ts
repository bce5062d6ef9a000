import type { CreateJobData } from "@/api/generated";

/** What a person chooses for the recordings they send; null language means detection. */
export interface JobChoices {
  model: string | null;
  language: string | null;
  task: "transcribe" | "translate";
  initialPrompt: string;
  hotwords: string;
  wordTimestamps: boolean;
}

export const defaultChoices: JobChoices = {
  model: null,
  language: null,
  task: "transcribe",
  initialPrompt: "",
  hotwords: "",
  wordTimestamps: false,
};

/** The form as the service takes it: what was left empty is left out, and the file comes last. */
export function toRequestBody(choices: JobChoices, file: File): CreateJobData["body"] {
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

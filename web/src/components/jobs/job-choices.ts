import type { JobChoices as JobRequest, JobRead, ModelRead, RerunRequest } from "@/api/generated";

/** What a person chooses for a job; null model means the default, null language detection. */
export interface JobChoices {
  model: string | null;
  language: string | null;
  task: "transcribe" | "translate";
  initialPrompt: string;
  hotwords: string;
  wordTimestamps: boolean;
  /** Null: not told apart; a number: so many people speak. */
  speakers: "auto" | number | null;
}

/** The greatest number of people that can be told apart. */
export const maxSpeakers = 20;

export const defaultChoices: JobChoices = {
  model: null,
  language: null,
  task: "transcribe",
  initialPrompt: "",
  hotwords: "",
  wordTimestamps: false,
  speakers: null,
};

/** The choices that a job was made with. */
export function readChoices({ model, task, options }: JobRead): JobChoices {
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  return {
    model,
    task,
    language: text(options["language"]) || null,
    initialPrompt: text(options["initial_prompt"]),
    hotwords: text(options["hotwords"]),
    wordTimestamps: options["word_timestamps"] === true,
    speakers: readSpeakers(options["speakers"]),
  };
}

/** How many people speak, out of what a job or a browser kept. */
export function readSpeakers(kept: unknown): JobChoices["speakers"] {
  if (kept === "auto") return kept;
  const isCount = Number.isInteger(kept) && Number(kept) >= 1 && Number(kept) <= maxSpeakers;
  return isCount ? Number(kept) : null;
}

/** What a new recording is sent with: what was left empty is left out. */
export function toJobRequest(choices: JobChoices) {
  return {
    ...(choices.model !== null && { model: choices.model }),
    ...(choices.language !== null && { language: choices.language }),
    task: choices.task,
    ...(choices.initialPrompt.trim() && { initial_prompt: choices.initialPrompt.trim() }),
    ...(choices.hotwords.trim() && { hotwords: choices.hotwords.trim() }),
    word_timestamps: choices.wordTimestamps,
    ...(choices.speakers !== null && { speakers: choices.speakers }),
  } satisfies JobRequest;
}

/** The body of a re-run: all that can be chosen is said, what cannot stays as it was. */
export function toRerunRequest(choices: JobChoices): RerunRequest {
  return {
    model: choices.model,
    language: choices.language,
    task: choices.task,
    initial_prompt: choices.initialPrompt.trim() || null,
    hotwords: choices.hotwords.trim() || null,
    word_timestamps: choices.wordTimestamps,
    speakers: choices.speakers,
  };
}

/** The chosen model, else the default one, else the first; only one that works. */
export function pickModel(
  models: readonly ModelRead[],
  chosen: string | null,
): ModelRead | undefined {
  const usable = models.filter((model) => model.problem === null);
  return (
    usable.find((model) => model.name === chosen) ??
    usable.find((model) => model.is_default) ??
    usable[0]
  );
}

/** The choices with this model, less what it cannot do. */
export function fitChoices(choices: JobChoices, model: ModelRead): JobChoices {
  const knows = choices.language !== null && model.languages.includes(choices.language);
  return {
    ...choices,
    model: model.name,
    language: knows ? choices.language : null,
    task: model.is_multilingual ? choices.task : "transcribe",
  };
}

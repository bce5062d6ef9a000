import type { ModelRead } from "@/api/generated";
import {
  defaultChoices,
  fitChoices,
  type JobChoices,
  pickModel,
  readSpeakers,
} from "@/components/jobs/job-choices";
import { readStored, writeStored } from "@/lib/stored";

const keyOf = (userId: string) => `transcriber.choices.${userId}`;

/** What an account chose in this browser the last time. */
export function readRemembered(userId: string): JobChoices {
  const text = readStored(keyOf(userId));
  return text === null ? defaultChoices : parse(text);
}

export function remember(userId: string, choices: JobChoices): void {
  writeStored(keyOf(userId), JSON.stringify(choices));
}

/** The choices, less what the staged models cannot do any more. */
export function settleChoices(choices: JobChoices, models: readonly ModelRead[]): JobChoices {
  const model = pickModel(models, choices.model);
  if (!model) return choices;
  // The service's default stays its choice: another one may be its default by then.
  const isDefault = choices.model === null && model.is_default;
  return { ...fitChoices(choices, model), model: isDefault ? null : model.name };
}

/** An older release, or a hand, may have written anything there. */
function parse(text: string): JobChoices {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return defaultChoices;
  }
  const values: Record<string, unknown> =
    typeof found === "object" && found !== null ? { ...found } : {};
  const read = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
  return {
    model: read("model") ?? null,
    language: read("language") ?? null,
    task: read("task") === "translate" ? "translate" : "transcribe",
    initialPrompt: read("initialPrompt") ?? "",
    hotwords: read("hotwords") ?? "",
    wordTimestamps: values["wordTimestamps"] === true,
    speakers: readSpeakers(values["speakers"]),
  };
}

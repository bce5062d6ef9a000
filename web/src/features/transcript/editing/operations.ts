import type { Delete, Insert, Merge, SetSpeaker, SetText, SetTimes, Split } from "@/api/generated";
import {
  countCharacters,
  jointOf,
  type Line,
  roundSeconds,
  type Row,
  sliceCharacters,
  tidyText,
} from "./lines";

export const MAX_TEXT_LENGTH = 10_000;
export const MAX_SPEAKER_LENGTH = 64;

/** An operation by this page's names; `made` is the name of the segment that it makes. */
export type Operation =
  | SetText
  | (SetTimes & { start: number; end: number })
  | SetSpeaker
  | (Split & { character: number; made: number })
  | Merge
  | Delete
  | (Insert & { speaker: string | null; made: number });

/** The lines that an operation takes, and what it puts in their place. */
export interface Change {
  before: readonly Line[];
  after: readonly Line[];
}

interface Applied extends Change {
  rows: readonly Row[];
}

/**
 * What an operation does, as the service does it; undefined when it cannot be done.  Times of words
 * are the service's affair: its answer brings them.
 */
export function applyOperation(rows: readonly Row[], operation: Operation): Applied | undefined {
  if (operation.op === "insert") return insert(rows, operation);
  const place = rows.findIndex((row) => row?.index === operation.segment);
  const line = rows[place];
  if (!line) return undefined;
  const swap = (before: readonly Line[], after: readonly Line[]): Applied => ({
    before,
    after,
    rows: rows.toSpliced(place, before.length, ...after),
  });
  switch (operation.op) {
    case "set_text":
      return swap([line], [withText(line, operation.text)]);
    case "set_speaker":
      return swap([line], [{ ...line, speaker: operation.speaker }]);
    case "set_times":
      return swap([line], [{ ...line, start: operation.start, end: operation.end }]);
    case "delete":
      return swap([line], []);
    case "split": {
      const parts = cut(line, operation);
      return parts && swap([line], parts);
    }
    case "merge": {
      const following = rows[place + 1];
      if (following?.index !== operation.following) return undefined;
      const joined = join(line, following);
      if (countCharacters(joined.text) > MAX_TEXT_LENGTH) return undefined;
      return swap([line, following], [joined]);
    }
  }
}

/**
 * A cut that the service can do: where another segment begins within this one, the second part must
 * not begin behind it.  Everywhere else the service knows best when.
 */
export function planSplit(
  rows: readonly Row[],
  segment: number,
  character: number,
  made: number,
): Operation {
  const place = rows.findIndex((row) => row?.index === segment);
  const [line, next] = [rows[place], rows[place + 1]];
  const operation = { op: "split", segment, character, made } as const;
  if (!line || !next || next.start >= line.end) return operation;
  const [, second] = cut(line, operation) ?? [];
  return { ...operation, at: Math.min(second?.start ?? line.start, next.start) };
}

/** The names of the segments that an operation works on. */
export function namesIn(operation: Operation): number[] {
  if (operation.op === "insert") return [];
  return operation.op === "merge" ? [operation.segment, operation.following] : [operation.segment];
}

function withText(line: Line, text: string): Line {
  return text === line.text ? line : { ...line, text, words: [] };
}

function cut(line: Line, operation: Split & { made: number }): [Line, Line] | undefined {
  const character = operation.character ?? 0;
  const [left, right] = [
    tidyText(sliceCharacters(line.text, 0, character)),
    tidyText(sliceCharacters(line.text, character)),
  ];
  if (left === "" || right === "") return undefined;
  const { at: wanted } = operation;
  if (wanted != null && (wanted <= line.start || wanted >= line.end)) return undefined;
  const [words, rest] = cutWords(line, character);
  const share = character / countCharacters(line.text);
  const at = roundSeconds(
    operation.at ?? rest[0]?.start ?? line.start + (line.end - line.start) * share,
  );
  return [
    { ...line, end: at, text: left, words },
    { ...line, index: operation.made, start: at, text: right, words: rest },
  ];
}

function cutWords(line: Line, character: number): [Line["words"], Line["words"]] {
  let behind = 0;
  const place = line.words.findIndex((word) => {
    behind += countCharacters(word.word);
    return behind > character;
  });
  return place < 0 ? [line.words, []] : [line.words.slice(0, place), line.words.slice(place)];
}

function join(first: Line, second: Line): Line {
  const hasWords = first.words.length > 0 && second.words.length > 0;
  return {
    ...first,
    start: Math.min(first.start, second.start),
    end: Math.max(first.end, second.end),
    text: first.text + jointOf(first.text, second.text) + second.text,
    avg_logprob: Math.min(first.avg_logprob, second.avg_logprob),
    no_speech_prob: Math.max(first.no_speech_prob, second.no_speech_prob),
    compression_ratio: Math.max(first.compression_ratio, second.compression_ratio),
    temperature: Math.max(first.temperature, second.temperature),
    words: hasWords ? [...first.words, ...second.words] : [],
    speaker: first.speaker ?? second.speaker,
  };
}

function insert(
  rows: readonly Row[],
  operation: Extract<Operation, { op: "insert" }>,
): Applied | undefined {
  const { made, start, end, text, speaker } = operation;
  if (rows.some((row) => row?.index === made)) return undefined;
  const line: Line = {
    index: made,
    start,
    end,
    text,
    speaker,
    avg_logprob: 0,
    no_speech_prob: 0,
    compression_ratio: 1,
    temperature: 0,
    words: [],
  };
  const place = rows.findLastIndex((row) => row !== undefined && row.start <= start) + 1;
  // What lies there was not loaded, and may belong before it.
  if (place < rows.length && !rows[place]) return undefined;
  return { before: [], after: [line], rows: rows.toSpliced(place, 0, line) };
}

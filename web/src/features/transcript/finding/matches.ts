import type { SegmentRead } from "@/api/generated";

export interface Wanted {
  text: string;
  isCaseMatched: boolean;
  isWholeWords: boolean;
}

/** Some characters of a segment's text. */
export interface Match {
  segment: SegmentRead;
  offset: number;
  length: number;
}

/** As long as what the service replaces may be. */
export const MAX_FIND_LENGTH = 200;

/**
 * What is looked for, literally and as the service finds it when it replaces; undefined when that is
 * nothing.
 */
export function buildPattern({ text, isCaseMatched, isWholeWords }: Wanted): RegExp | undefined {
  const literal = text
    .normalize("NFC")
    .replace(/\s+/gu, " ")
    .replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
  if (literal.trim() === "") return undefined;
  const inWord = String.raw`[\p{L}\p{N}_]`;
  const source = isWholeWords ? `(?<!${inWord})${literal}(?!${inWord})` : literal;
  return new RegExp(source, isCaseMatched ? "gu" : "giu");
}

/** Every place in the order of the text; rows that were not loaded have none. */
export function findMatches(rows: readonly (SegmentRead | undefined)[], pattern: RegExp): Match[] {
  return rows.flatMap((segment) => {
    if (!segment) return [];
    return [...segment.text.matchAll(pattern)].map((found) => ({
      segment,
      offset: found.index,
      length: found[0].length,
    }));
  });
}

/** The first match at a time or after it, else the first of all. */
export function firstMatchFrom(matches: readonly Match[], seconds: number): number {
  return Math.max(
    0,
    matches.findIndex(({ segment }) => segment.end > seconds),
  );
}

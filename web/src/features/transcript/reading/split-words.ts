import type { SegmentRead } from "@/api/generated";

/** A stretch of a segment's text; `word` is its number where it is a timed word. */
export interface TextPart {
  text: string;
  word?: number;
}

/**
 * The text as words that can be heard, and what lies between them.  Words are looked for in the
 * text, which may have been corrected; one that is not there any more is passed over.
 */
export function splitWords({ text, words }: SegmentRead): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  words.forEach(({ word }, number) => {
    const written = word.trim();
    const place = written === "" ? -1 : text.indexOf(written, end);
    if (place === -1) return;
    if (place > end) parts.push({ text: text.slice(end, place) });
    parts.push({ text: written, word: number });
    end = place + written.length;
  });
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

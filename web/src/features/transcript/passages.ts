import type { DroppedRead, SegmentRead } from "@/api/generated";

/**
 * Below it a segment is marked as doubtful: a mean log-probability of ln 0.5, where the model held
 * the average token it wrote for no likelier than a coin toss.
 */
const DOUBTFUL_AVG_LOGPROB = Math.log(0.5);

export type Passage =
  | { kind: "segment"; segment: SegmentRead; isDoubtful: boolean }
  | { kind: "dropped"; dropped: DroppedRead };

/** What was said and what was left out, in the order of time. */
export function arrangePassages(
  segments: readonly SegmentRead[],
  dropped: readonly DroppedRead[],
): Passage[] {
  const passages: Passage[] = segments.map((segment) => ({
    kind: "segment",
    segment,
    isDoubtful: isDoubtful(segment),
  }));
  passages.push(...dropped.map((each): Passage => ({ kind: "dropped", dropped: each })));
  // The sort is stable: at the same start, text comes before what was left out.
  return passages.sort((one, other) => startOf(one) - startOf(other));
}

export function isDoubtful(segment: SegmentRead): boolean {
  return segment.avg_logprob < DOUBTFUL_AVG_LOGPROB;
}

export function startOf(passage: Passage): number {
  return passage.kind === "segment" ? passage.segment.start : passage.dropped.start;
}

/** The plain text, a line for each segment. */
export function joinText(segments: readonly SegmentRead[]): string {
  return segments.map((segment) => segment.text).join("\n");
}

/** Words as the writing systems themselves divide them, Chinese and Thai included. */
export function countWords(segments: readonly SegmentRead[], language: string): number {
  const segmenter = new Intl.Segmenter(language, { granularity: "word" });
  let count = 0;
  for (const { text } of segments) {
    for (const part of segmenter.segment(text)) if (part.isWordLike === true) count += 1;
  }
  return count;
}

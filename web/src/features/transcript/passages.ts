import type { DroppedRead, SegmentRead, WordRead } from "@/api/generated";
import type { Row } from "./segments/find-row";

/**
 * Below it a segment is marked as doubtful: a mean log-probability of ln 0.5, where the model held
 * the average token it wrote for no likelier than a coin toss.
 */
const DOUBTFUL_AVG_LOGPROB = Math.log(0.5);

/** Below it a single word is marked; few enough words are for the marks to be looked at. */
const UNCERTAIN_PROBABILITY = 0.4;

export function isDoubtful(segment: SegmentRead): boolean {
  return segment.avg_logprob < DOUBTFUL_AVG_LOGPROB;
}

export function isUncertain(word: WordRead): boolean {
  return word.probability < UNCERTAIN_PROBABILITY;
}

/**
 * What was left out before the first row, and after this one and before the next: nothing where the
 * next is not loaded, as it may belong behind that.
 */
export function findDropped(
  dropped: readonly DroppedRead[],
  rows: readonly Row[],
  row: number,
): readonly DroppedRead[] {
  const segment = rows[row];
  const next = rows[row + 1];
  if (dropped.length === 0 || !segment || (!next && row + 1 < rows.length)) return none;
  const from = row === 0 ? -Infinity : segment.start;
  const to = next?.start ?? Infinity;
  const found = dropped.filter(({ start }) => start >= from && start < to);
  return found.length > 0 ? found : none;
}

const none: readonly DroppedRead[] = [];

/** A segment is another object once its text is another: what was counted stays true of this one. */
const counted = new WeakMap<SegmentRead, number>();

/** Words as the writing systems themselves divide them, Chinese and Thai included. */
export function countWords(segments: Iterable<Row>, language: string): number {
  const segmenter = new Intl.Segmenter(language, { granularity: "word" });
  let total = 0;
  for (const segment of segments) {
    if (!segment) continue;
    const count = counted.get(segment) ?? countIn(segment.text, segmenter);
    counted.set(segment, count);
    total += count;
  }
  return total;
}

function countIn(text: string, segmenter: Intl.Segmenter): number {
  let count = 0;
  for (const part of segmenter.segment(text)) if (part.isWordLike === true) count += 1;
  return count;
}

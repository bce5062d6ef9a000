import type { DroppedRead, SegmentRead } from "@/api/generated";
import { isDoubtful, isUncertain } from "../passages";
import type { Row } from "../segments/find-row";

/** A passage that somebody should look at. */
export type ReviewItem =
  | { kind: "segment"; key: string; start: number; segment: SegmentRead; uncertainWords: number }
  | { kind: "dropped"; key: string; start: number; dropped: DroppedRead };

/** Every passage that the model was unsure of, or that was left out, in the order of time. */
export function listItems(rows: readonly Row[], dropped: readonly DroppedRead[]): ReviewItem[] {
  const items: ReviewItem[] = [];
  for (const segment of rows) {
    if (!segment) continue;
    const uncertainWords = segment.words.filter(isUncertain).length;
    if (!isDoubtful(segment) && uncertainWords === 0) continue;
    const { index, start } = segment;
    items.push({ kind: "segment", key: keyOfSegment(index), start, segment, uncertainWords });
  }
  for (const each of dropped) {
    const { start, end } = each;
    items.push({ kind: "dropped", key: `d${start}-${end}`, start, dropped: each });
  }
  return items.sort((one, other) => one.start - other.start);
}

export function keyOfSegment(index: number): string {
  return `s${index}`;
}

/** The next item that is not reviewed, from here on and then from the other end. */
export function findNext(
  items: readonly ReviewItem[],
  reviewed: ReadonlySet<string>,
  from: ReviewItem | undefined,
  step: 1 | -1,
): ReviewItem | undefined {
  const ordered = step === 1 ? [...items] : items.toReversed();
  const known = ordered.findIndex((item) => item.key === from?.key);
  // What was corrected may not be on the list any more.
  const place =
    known >= 0 || !from
      ? known
      : ordered.findLastIndex((item) => (item.start - from.start) * step <= 0);
  const round = [...ordered.slice(place + 1), ...ordered.slice(0, Math.max(0, place))];
  return round.find((item) => !reviewed.has(item.key));
}

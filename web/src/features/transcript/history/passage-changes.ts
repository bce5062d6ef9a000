import type { PassageRead, SegmentVersion } from "@/api/generated";

/** What differs in a passage beside its words. */
export interface PassageChanges {
  /** How many segments there are on both sides, where that differs and both have some. */
  segments?: [number, number];
  /** Who speaks on both sides. */
  speakers?: [(string | null)[], (string | null)[]];
  /** From when to when both sides go. */
  times?: [[number, number], [number, number]];
}

/** Whether words differ at all. */
export function hasOtherWords({ pieces }: PassageRead): boolean {
  return pieces.some(({ kind }) => kind !== "equal");
}

/** What is not told by the words. */
export function findChanges(passage: PassageRead): PassageChanges {
  const { before, after } = passage;
  // A passage that came or went as a whole is told by its words.
  if (before.length === 0 || after.length === 0) return {};
  const changes: PassageChanges = {};
  if (before.length !== after.length) changes.segments = [before.length, after.length];
  const speakers = [listSpeakers(before), listSpeakers(after)] as const;
  if (JSON.stringify(speakers[0]) !== JSON.stringify(speakers[1])) {
    changes.speakers = [...speakers];
  }
  const times = [spanOf(before), spanOf(after)] as const;
  if (JSON.stringify(times[0]) !== JSON.stringify(times[1])) changes.times = [...times];
  return changes;
}

function listSpeakers(segments: readonly SegmentVersion[]): (string | null)[] {
  return [...new Set(segments.map(({ speaker }) => speaker))];
}

function spanOf(segments: readonly SegmentVersion[]): [number, number] {
  return [
    Math.min(...segments.map(({ start }) => start)),
    Math.max(...segments.map(({ end }) => end)),
  ];
}

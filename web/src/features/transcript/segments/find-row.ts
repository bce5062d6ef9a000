import type { SegmentRead, WordRead } from "@/api/generated";

/** A segment, or nothing yet where it was not loaded. */
export type Row = SegmentRead | undefined;

/** The last loaded row that began at this time or before; -1 before the first. */
export function findRow(rows: readonly Row[], seconds: number): number {
  let low = 0;
  let high = rows.length - 1;
  let found = -1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const probe = findLoaded(rows, middle, low, high);
    if (probe === -1) break;
    if (startOf(rows, probe) <= seconds) {
      found = probe;
      low = Math.max(probe, middle) + 1;
    } else {
      // What lies between the probe and the middle was not loaded.
      high = probe - 1;
    }
  }
  return found;
}

/** The same, tried around where it was before: while playing it is there or next to it. */
export function findRowNear(rows: readonly Row[], seconds: number, before: number): number {
  for (const row of [before, before + 1]) {
    const next = rows[row + 1];
    const isLast = row === rows.length - 1;
    if (startOf(rows, row) <= seconds && (isLast || (next && next.start > seconds))) return row;
  }
  return findRow(rows, seconds);
}

/** The last word that began at this time or before; -1 before the first. */
export function findWord(words: readonly WordRead[], seconds: number): number {
  let low = 0;
  let high = words.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.start ?? Infinity) <= seconds) low = middle + 1;
    else high = middle - 1;
  }
  return high;
}

/** The loaded row nearest before `middle`, else nearest behind it, within the bounds. */
function findLoaded(rows: readonly Row[], middle: number, low: number, high: number): number {
  for (let row = middle; row >= low; row -= 1) if (rows[row]) return row;
  for (let row = middle + 1; row <= high; row += 1) if (rows[row]) return row;
  return -1;
}

function startOf(rows: readonly Row[], row: number): number {
  return rows[row]?.start ?? Infinity;
}

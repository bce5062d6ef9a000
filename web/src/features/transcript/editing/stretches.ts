import type { Line } from "./lines";

/** What went and what came in one stretch of time. */
export interface Stretch {
  removed: Line[];
  added: Line[];
}

/** Groups what one of two revisions has alone by the time it shares, as the service's diff does. */
export function groupByTime(removed: readonly Line[], added: readonly Line[]): Stretch[] {
  const all = [
    ...removed.map((line) => ({ line, isAdded: false })),
    ...added.map((line) => ({ line, isAdded: true })),
  ].sort((one, other) => one.line.start - other.line.start);
  const stretches: Stretch[] = [];
  let end = -Infinity;
  let lastStart = -Infinity;
  for (const { line, isAdded } of all) {
    // A segment without length belongs to what begins where it stands.
    if (line.start >= end && line.start > lastStart) stretches.push({ removed: [], added: [] });
    end = Math.max(end, line.end);
    lastStart = line.start;
    stretches.at(-1)?.[isAdded ? "added" : "removed"].push(line);
  }
  return stretches;
}

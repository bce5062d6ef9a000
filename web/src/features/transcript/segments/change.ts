import type { SegmentRead } from "@/api/generated";
import type { Row } from "./find-row";

/** What an accepted edit did, as the service tells it. */
export interface EditedSegments {
  revision: number;
  /** The revision that was changed; the one before where none is named. */
  since?: number;
  removed: readonly number[];
  added: readonly SegmentRead[];
}

interface Loaded {
  revision: number | undefined;
  rows: readonly Row[];
}

/**
 * The rows after an edit; undefined where they cannot be told from what is loaded: another edit
 * came between, or it touches what was not loaded.
 */
export function placeChange(loaded: Loaded, change: EditedSegments): Row[] | undefined {
  const since = change.since ?? change.revision - 1;
  if (loaded.revision !== since) return undefined;
  const removed = new Set(change.removed);
  const rows = loaded.rows.filter((row) => !row || !removed.delete(row.index));
  if (removed.size > 0) return undefined;
  for (const segment of [...change.added].sort(compareSegments)) {
    const place = findPlace(rows, segment);
    const isKnown = (row: number) => row < 0 || row >= rows.length || rows[row] !== undefined;
    if (!isKnown(place - 1) || !isKnown(place)) return undefined;
    rows.splice(place, 0, segment);
  }
  return rows;
}

/** In the order of the service: by the start, then by the index. */
function compareSegments(one: SegmentRead, other: SegmentRead): number {
  return one.start - other.start || one.index - other.index;
}

function findPlace(rows: readonly Row[], segment: SegmentRead): number {
  for (let row = rows.length - 1; row >= 0; row -= 1) {
    const here = rows[row];
    if (here && compareSegments(here, segment) < 0) return row + 1;
  }
  return 0;
}

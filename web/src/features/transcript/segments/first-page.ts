export interface SegmentQuery {
  revision?: number;
  from_seconds?: number;
  offset?: number;
  limit: number;
}

/** Enough for the tallest screen, and the quickest to come. */
const FIRST_LIMIT = 60;

/** The place in a transcript that is asked for, if any. */
export interface WantedPlace {
  /** Seconds from the beginning. */
  at?: number | undefined;
  revision?: number | undefined;
}

/** What a reader who arrives there sees first. */
export function firstPage({ at, revision }: WantedPlace): SegmentQuery {
  return {
    ...(at === undefined ? { offset: 0 } : { from_seconds: at }),
    limit: FIRST_LIMIT,
    ...(revision !== undefined && { revision }),
  };
}

import type { SegmentPage, SegmentRead } from "@/api/generated";
import { type EditedSegments, placeChange } from "./change";
import { findRow, type Row } from "./find-row";
import { firstPage, type SegmentQuery } from "./first-page";

/*
 * The segments of one revision, as far as they were loaded, outside of React's state: playing and
 * scrolling read it without rendering.  `rows` has a place for every segment of the revision from
 * the first page on, so that a row's number is its place in the whole; what was not loaded yet is
 * `undefined`.  The store loads what the list wants to show first, then all the rest.
 */

/** What is shown in place of the rows as the service has them: the same with corrections done. */
export type Cover = (rows: readonly Row[], revision: number | undefined) => readonly Row[];

export type FetchPage = (query: SegmentQuery) => Promise<SegmentPage>;

export interface SegmentsSnapshot {
  /** Undefined before the first page. */
  readonly revision: number | undefined;
  readonly rows: readonly Row[];
  readonly loaded: number;
  /** Why loading stopped; `retry` goes on. */
  readonly error: unknown;
}

/** What is looked at, and some of what follows. */
const URGENT_LIMIT = 200;
const REST_LIMIT = 1_000;
/** Rows before the wanted one that are loaded with it. */
const LEAD = 40;

const NOTHING: SegmentsSnapshot = { revision: undefined, rows: [], loaded: 0, error: undefined };

export class SegmentStore {
  #snapshot = NOTHING;
  #covered = NOTHING;
  #cover: Cover | undefined;
  #wanted: [number, number] = [0, 0];
  /** Goes up when what is on its way is not wanted any more. */
  #round = 0;
  #isLoading = false;
  readonly #listeners = new Set<() => void>();

  constructor(
    private readonly fetchPage: FetchPage,
    private readonly asked?: number,
  ) {}

  readonly getSnapshot = (): SegmentsSnapshot => this.#covered;

  /** The rows as the service has them. */
  readonly getBase = (): SegmentsSnapshot => this.#snapshot;

  /** Shows something else in place of the rows from now on, or once more, as it changed. */
  readonly cover = (cover: Cover | undefined): void => {
    this.#cover = cover;
    this.#show(this.#snapshot);
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Begins to load, or goes on after an error. */
  readonly start = (): void => {
    if (this.#snapshot.error !== undefined) this.#show({ ...this.#snapshot, error: undefined });
    void this.#load();
  };

  readonly stop = (): void => {
    this.#round += 1;
    this.#isLoading = false;
  };

  /** Says which rows a reader looks at. */
  readonly want = (from: number, to: number): void => {
    this.#wanted = [from, to];
    if (this.#snapshot.error === undefined) void this.#load();
  };

  /**
   * The row that is said at this time, and has that place loaded first; -1 where there is no text or
   * it cannot be loaded, which the snapshot then says.
   */
  readonly locate = async (seconds: number): Promise<number> => {
    const { rows, revision } = this.#covered;
    const row = findRow(rows, seconds);
    if (rows[row] && (rows[row + 1] ?? row === rows.length - 1)) return row;
    if (row === -1 && rows[0]) return 0;
    try {
      const page = await this.fetchPage(firstPage({ at: seconds, ...this.#at(revision) }));
      if (this.#snapshot.revision === undefined) this.#begin(page);
      else if (this.#snapshot.revision === page.revision) this.#fill(page);
      const found = Math.min(page.offset, page.total - 1);
      this.want(found, found + 1);
      return found;
    } catch (error) {
      this.#show({ ...this.#snapshot, error });
      return -1;
    }
  };

  /** Takes in an edit that the service accepted. */
  readonly apply = async (change: EditedSegments): Promise<void> => {
    const rows = placeChange(this.#snapshot, change);
    if (!rows) return this.reload(change.revision);
    this.#round += 1;
    this.#isLoading = false;
    this.#show({ ...this.#snapshot, revision: change.revision, rows, loaded: countLoaded(rows) });
    void this.#load();
  };

  /** Reads another revision, the newest unless one is named; what was shown stays until then. */
  readonly reload = async (revision?: number): Promise<void> => {
    this.#round += 1;
    const round = this.#round;
    this.#isLoading = true;
    const offset = Math.max(0, this.#wanted[0] - LEAD);
    try {
      const page = await this.fetchPage({ offset, limit: URGENT_LIMIT, ...this.#at(revision) });
      if (round === this.#round) this.#begin(page);
    } finally {
      if (round === this.#round) this.#isLoading = false;
    }
    void this.#load();
  };

  /** All segments, as soon as they are loaded; rejects with why they are not. */
  readonly whole = (): Promise<readonly SegmentRead[]> =>
    new Promise((resolve, reject) => {
      const look = () => {
        const { revision, rows, loaded, error } = this.#snapshot;
        if (error === undefined && (revision === undefined || loaded < rows.length)) return;
        unsubscribe();
        if (error === undefined) resolve(this.#covered.rows.filter((row) => row !== undefined));
        else reject(asError(error));
      };
      const unsubscribe = this.subscribe(look);
      look();
    });

  #at(revision: number | undefined): { revision?: number } {
    const chosen = revision ?? this.asked;
    return chosen === undefined ? {} : { revision: chosen };
  }

  async #load(): Promise<void> {
    if (this.#isLoading) return;
    this.#isLoading = true;
    const round = this.#round;
    try {
      for (let query = this.#plan(); query; query = this.#plan()) {
        const page = await this.fetchPage(query);
        if (round !== this.#round) return;
        if (page.revision !== this.#snapshot.revision) this.#begin(page);
        else this.#fill(page);
      }
    } catch (error) {
      if (round === this.#round) this.#show({ ...this.#snapshot, error });
    } finally {
      if (round === this.#round) this.#isLoading = false;
    }
  }

  /** What to ask for next: what is looked at, what follows it, what comes before. */
  #plan(): SegmentQuery | undefined {
    const { rows, revision } = this.#snapshot;
    if (revision === undefined) return firstPage(this.#at(undefined));
    const [from, to] = this.#wanted;
    const hole = findHole(rows, from, to + 1);
    if (hole !== -1) {
      return { revision, offset: Math.max(0, hole - LEAD), limit: URGENT_LIMIT };
    }
    const next = findHole(rows, to, rows.length);
    const offset = next === -1 ? findHole(rows, 0, rows.length) : next;
    return offset === -1 ? undefined : { revision, offset, limit: REST_LIMIT };
  }

  #begin(page: SegmentPage): void {
    const rows = new Array<Row>(page.total).fill(undefined);
    this.#show({ revision: page.revision, rows, loaded: 0, error: undefined });
    this.#fill(page);
  }

  #fill(page: SegmentPage): void {
    const rows = this.#snapshot.rows.slice();
    page.items.forEach((segment: SegmentRead, place) => {
      rows[page.offset + place] = segment;
    });
    this.#show({ ...this.#snapshot, rows, loaded: countLoaded(rows) });
  }

  #show(snapshot: SegmentsSnapshot): void {
    this.#snapshot = snapshot;
    const rows = this.#cover?.(snapshot.rows, snapshot.revision) ?? snapshot.rows;
    this.#covered = rows === snapshot.rows ? snapshot : { ...snapshot, rows };
    for (const listener of [...this.#listeners]) listener();
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function findHole(rows: readonly Row[], from: number, to: number): number {
  const end = Math.min(to, rows.length);
  for (let row = Math.max(0, from); row < end; row += 1) if (!rows[row]) return row;
  return -1;
}

function countLoaded(rows: readonly Row[]): number {
  return rows.reduce((count, row) => (row ? count + 1 : count), 0);
}

import type { ListJobsData, SearchTranscriptsData } from "@/api/generated";

type JobQuery = NonNullable<ListJobsData["query"]>;
export type JobSort = NonNullable<JobQuery["sort"]>;
type States = NonNullable<JobQuery["state"]>;

/** States as people ask for them. */
export const stateGroups = {
  active: ["queued", "running"],
  completed: ["completed"],
  failed: ["failed", "quarantined"],
  cancelled: ["cancelled"],
} satisfies Record<string, States>;
export type StateGroup = keyof typeof stateGroups;

const sorts: readonly JobSort[] = ["-created_at", "created_at", "name", "-name"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What the library shows, as its address says it, so that a link and the way back show it again. */
export interface LibrarySearch {
  /** Words that were said. */
  q?: string | undefined;
  state?: StateGroup | undefined;
  language?: string | undefined;
  model?: string | undefined;
  task?: "transcribe" | "translate" | undefined;
  tag?: string | undefined;
  /** A part of the name. */
  name?: string | undefined;
  /** Days of this browser's time zone; both count. */
  from?: string | undefined;
  to?: string | undefined;
  sort?: JobSort | undefined;
}

/** What narrows a list as well as a search. */
export const filterNames = ["language", "model", "task", "tag", "name", "from", "to"] as const;
export type FilterName = (typeof filterNames)[number];

/** Reads an address; what it should not say is passed over. */
export function readLibrarySearch(search: Record<string, unknown>): LibrarySearch {
  const { state, task, sort } = search;
  return {
    q: readText(search["q"], 200),
    state: typeof state === "string" && state in stateGroups ? (state as StateGroup) : undefined,
    language: readText(search["language"], 8),
    model: readText(search["model"], 64),
    task: task === "transcribe" || task === "translate" ? task : undefined,
    tag: readText(search["tag"], 64),
    name: readText(search["name"], 100),
    from: readDay(search["from"]),
    to: readDay(search["to"]),
    sort: sorts.find((each) => each === sort && each !== sorts[0]),
  };
}

/** What to ask the list of jobs for. */
export function toJobQuery(search: LibrarySearch): JobQuery {
  const { state, sort } = search;
  return {
    ...toShared(search),
    ...(state && { state: stateGroups[state] }),
    ...(sort && { sort }),
  };
}

/** What to ask the search for. */
export function toHitQuery(search: LibrarySearch, q: string): SearchTranscriptsData["query"] {
  return { q, ...toShared(search) };
}

export function countFilters(search: LibrarySearch): number {
  return filterNames.filter((name) => search[name] !== undefined).length;
}

function toShared({ language, model, task, tag, name, from, to }: LibrarySearch) {
  return {
    ...(language && { language }),
    ...(model && { model }),
    ...(task && { task }),
    ...(tag && { tag }),
    ...(name && { name }),
    // A day without a zone would be one of UTC; the reader means his own.
    ...(from && { created_from: new Date(`${from}T00:00:00`).toISOString() }),
    ...(to && { created_to: new Date(`${to}T23:59:59.999`).toISOString() }),
  };
}

function readText(value: unknown, maxLength: number): string | undefined {
  // The router takes digits in an address for a number.
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text.trim() !== "" ? text.slice(0, maxLength) : undefined;
}

function readDay(value: unknown): string | undefined {
  const isDay = typeof value === "string" && DAY.test(value) && !isNaN(Date.parse(value));
  return isDay ? value : undefined;
}

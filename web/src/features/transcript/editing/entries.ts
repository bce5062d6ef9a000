import type { Line, Row } from "./lines";
import { applyOperation, type Change, type Operation } from "./operations";

/** An operation that was done here; `change` is the same for all that one act of the user did. */
export interface Entry extends Change {
  operation: Operation;
  change: number;
}

interface Replayed {
  rows: readonly Row[];
  entries: Entry[];
  /** What cannot be done on these rows, and what was built on it. */
  failed: Entry[];
}

/** Does operations once more, on other rows than before. */
export function replay(base: readonly Row[], entries: readonly Entry[]): Replayed {
  const replayed: Replayed = { rows: base, entries: [], failed: [] };
  const lost = new Set<number>();
  for (const act of groupActs(entries)) {
    const done: Entry[] = [];
    const failed: Entry[] = [];
    let { rows } = replayed;
    for (const entry of act) {
      const isLost = namesOf(entry).some((name) => lost.has(name));
      const applied = isLost ? undefined : applyOperation(rows, entry.operation);
      if (applied) {
        rows = applied.rows;
        done.push({ ...entry, before: applied.before, after: applied.after });
      } else {
        failed.push(entry);
        for (const name of namesOf(entry)) lost.add(name);
      }
    }
    if (isInOrder(rows, done)) {
      replayed.rows = rows;
      replayed.entries.push(...done);
      replayed.failed.push(...failed);
    } else {
      replayed.failed.push(...act);
      for (const name of act.flatMap(namesOf)) lost.add(name);
    }
  }
  return replayed;
}

/** Operations of one act stand together; the service looks at the order behind all of them. */
function groupActs(entries: readonly Entry[]): Entry[][] {
  const acts: Entry[][] = [];
  for (const entry of entries) {
    const last = acts.at(-1);
    if (last?.[0]?.change === entry.change) last.push(entry);
    else acts.push([entry]);
  }
  return acts;
}

/** No segment may begin before the one in front of it. */
function isInOrder(rows: readonly Row[], done: readonly Entry[]): boolean {
  const moved = done.filter(({ operation: { op } }) => op === "set_times" || op === "split");
  return moved
    .flatMap((entry) => entry.after.map((line) => line.index))
    .every((name) => {
      const place = rows.findIndex((row) => row?.index === name);
      const [before, here, next] = [rows[place - 1], rows[place], rows[place + 1]];
      if (!here) return true;
      return (before?.start ?? 0) <= here.start && here.start <= (next?.start ?? Infinity);
    });
}

export function namesOf({ before, after }: Change): number[] {
  return [...before, ...after].map((line) => line.index);
}

/** The lines that operations took from the base, as they were there. */
export function listOriginals(entries: readonly Entry[]): Map<number, Line> {
  const originals = new Map<number, Line>();
  const seen = new Set<number>();
  for (const entry of entries) {
    for (const line of entry.before) if (!seen.has(line.index)) originals.set(line.index, line);
    for (const name of namesOf(entry)) seen.add(name);
  }
  return originals;
}

/**
 * Adds an operation to those that wait.  While somebody types, each keystroke sets the text anew;
 * only the last of one act is worth sending.  The first `fixed` were sent and stay as they are.
 */
export function appendEntry(entries: readonly Entry[], added: Entry, fixed = 0): Entry[] {
  const last = entries.length > fixed ? entries.at(-1) : undefined;
  const isReplaced =
    last?.change === added.change &&
    last.operation.op === added.operation.op &&
    ["set_text", "set_times", "set_speaker"].includes(added.operation.op) &&
    last.before[0]?.index === added.before[0]?.index;
  if (!isReplaced) return [...entries, added];
  return [...entries.slice(0, -1), { ...added, before: last.before }];
}

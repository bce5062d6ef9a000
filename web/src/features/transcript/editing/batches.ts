import type { EditResult, TranscriptEdit } from "@/api/generated";
import { type Entry, listOriginals, replay } from "./entries";
import { isLine, type Row } from "./lines";
import type { Names } from "./names";
import { namesIn, type Operation } from "./operations";

export const MAX_OPERATIONS = 500;

type WireOperation = TranscriptEdit["operations"][number];

/**
 * The operations that can be sent now, by the service's indexes: as many as one request may have,
 * and none on a segment that the same request makes, for that has no index yet.
 */
export function takeBatch(entries: readonly Entry[], names: Names): WireOperation[] {
  const batch: WireOperation[] = [];
  const made = new Set<number>();
  for (const { operation } of entries.slice(0, MAX_OPERATIONS)) {
    const indexes = new Map<number, number>();
    for (const name of namesIn(operation)) {
      const index = made.has(name) ? undefined : names.indexOf(name);
      if (index === undefined) return batch;
      indexes.set(name, index);
    }
    batch.push(translate(operation, indexes));
    if ("made" in operation) made.add(operation.made);
  }
  return batch;
}

function translate(operation: Operation, indexes: ReadonlyMap<number, number>): WireOperation {
  const at = (name: number) => indexes.get(name) ?? name;
  switch (operation.op) {
    case "insert": {
      const { op, start, end, text, speaker } = operation;
      return { op, start, end, text, speaker };
    }
    case "split": {
      const { op, segment, character, at: seconds } = operation;
      return { op, segment: at(segment), character, at: seconds ?? null };
    }
    case "merge":
      return { ...operation, segment: at(operation.segment), following: at(operation.following) };
    default:
      return { ...operation, segment: at(operation.segment) };
  }
}

/**
 * Learns the indexes of what a batch made.  The segments that the service added come in order, and so
 * do the lines of a draft of what the batch touched: one belongs to the other, and keeps its name.
 * Only the times of cuts may be others than the draft's, and the order with them; so the text tells.
 * False when the two do not fit: this page and the service understood something else.
 */
export function learnIndexes(
  rows: readonly Row[],
  sent: readonly Entry[],
  answer: EditResult,
  names: Names,
): boolean {
  const removed = new Set(answer.removed.map((index) => names.nameOf(index)));
  const originals = listOriginals(sent);
  // The service replaces a neighbour as well where two begin at the same time.
  const copied = rows.filter(isLine).filter(({ index }) => removed.has(index));
  for (const line of copied) if (!originals.has(line.index)) originals.set(line.index, line);
  const draft = replay(names.sort([...originals.values()]), sent);
  const fresh = draft.rows
    .filter(isLine)
    .filter(({ index }) => names.indexOf(index) === undefined || removed.has(index));
  for (const name of removed) names.forget(name);
  const left = [...fresh];
  for (const segment of answer.added) {
    const same = left.findIndex((line) => line.text === segment.text);
    const [line] = left.splice(Math.max(0, same), 1);
    names.set(line?.index ?? segment.index, segment.index);
  }
  return draft.failed.length === 0 && fresh.length === answer.added.length;
}

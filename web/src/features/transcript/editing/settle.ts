import type { Entry } from "./entries";
import type { Line } from "./lines";
import type { Operation } from "./operations";

/** Two versions of one place, and what both were made from. */
export interface Clash {
  base: readonly Line[];
  mine: readonly Line[];
  theirs: readonly Line[];
}

/** Whether the other editor came to the same: nothing is left to do for these operations. */
export function isSameResult(
  mine: readonly Line[],
  theirs: readonly Line[],
  entries: readonly Entry[],
): boolean {
  // Where a cut was made by its text, the service chose the time; only times that were set count.
  const timed = new Set(
    entries.flatMap(({ operation }) => (operation.op === "set_times" ? [operation.segment] : [])),
  );
  return (
    mine.length === theirs.length &&
    mine.every((line, place) => {
      const other = theirs[place];
      if (line.text !== other?.text || line.speaker !== other.speaker) return false;
      return !timed.has(line.index) || isSameTime(line, other);
    })
  );
}

/**
 * What is left of the own operations where both only changed one segment, each in another respect,
 * or in the same way; undefined where that is not so.
 */
export function joinFields({ base, mine, theirs }: Clash): Operation[] | undefined {
  const [origin, own, other] = [base[0], mine[0], theirs[0]];
  const isOne = [base, mine, theirs].every((lines) => lines.length === 1);
  if (!isOne || !origin || !own || !other || own.index !== origin.index) return undefined;
  const segment = own.index;
  const left: Operation[] = [];
  if (own.text !== origin.text && own.text !== other.text) {
    if (other.text !== origin.text) return undefined;
    left.push({ op: "set_text", segment, text: own.text });
  }
  if (own.speaker !== origin.speaker && own.speaker !== other.speaker) {
    if (other.speaker !== origin.speaker) return undefined;
    left.push({ op: "set_speaker", segment, speaker: own.speaker });
  }
  if (!isSameTime(own, origin) && !isSameTime(own, other)) {
    if (!isSameTime(other, origin)) return undefined;
    left.push({ op: "set_times", segment, start: own.start, end: own.end });
  }
  return left;
}

/** Which of two versions shall stay, or a text that joins both. */
export type Choice = { keep: "theirs" | "mine" } | { keep: "text"; text: string };

/** The operations that end a clash; `there` is what the place holds now. */
export function settleClash(
  { base, mine }: Clash,
  there: readonly Line[],
  choice: Choice,
  makeName: () => number,
): Operation[] {
  if (choice.keep === "theirs") return [];
  const wanted = mine.map((line, place): Line => {
    const [origin, current] = [base[place], there[place]];
    // Times that were not changed here are theirs to set.
    const isMoved = !origin || !current || !isSameTime(line, origin);
    return isMoved ? line : { ...line, start: current.start, end: current.end };
  });
  const [first] = wanted;
  if (choice.keep === "text" && first) {
    return turnInto(there, [{ ...first, text: choice.text }], makeName);
  }
  return turnInto(there, wanted, makeName);
}

/** Other lines in the place of those that are there, where their times do not let them be turned. */
export function replaceLines(
  there: readonly Line[],
  wanted: readonly Line[],
  makeName: () => number,
): Operation[] {
  return [
    ...there.map(({ index }): Operation => ({ op: "delete", segment: index })),
    ...turnInto([], wanted, makeName),
  ];
}

/** The operations that turn lines which are there into others, one for one as far as they go. */
function turnInto(
  there: readonly Line[],
  wanted: readonly Line[],
  makeName: () => number,
): Operation[] {
  const operations: Operation[] = [];
  wanted.forEach((line, place) => {
    const current = there[place];
    if (current) {
      operations.push(...repair(current, line));
    } else {
      const { start, end, text, speaker } = line;
      operations.push({ op: "insert", start, end, text, speaker, made: makeName() });
    }
  });
  for (const { index } of there.slice(wanted.length)) {
    operations.push({ op: "delete", segment: index });
  }
  return operations;
}

/** The operations that give a line the content of another. */
export function repair(current: Line, wanted: Line): Operation[] {
  const segment = current.index;
  const operations: Operation[] = [];
  if (current.text !== wanted.text) {
    operations.push({ op: "set_text", segment, text: wanted.text });
  }
  if (!isSameTime(current, wanted)) {
    operations.push({ op: "set_times", segment, start: wanted.start, end: wanted.end });
  }
  if (current.speaker !== wanted.speaker) {
    operations.push({ op: "set_speaker", segment, speaker: wanted.speaker });
  }
  return operations;
}

function isSameTime(one: Line, other: Line): boolean {
  return one.start === other.start && one.end === other.end;
}

import { type Entry, listOriginals } from "./entries";
import { countCharacters, findLine, isSameContent, jointOf, type Line, type Row } from "./lines";
import { applyOperation, type Operation } from "./operations";
import { repair } from "./settle";

/** The operations that take back what one act of the user did, newest first. */
export function invertEntries(rows: readonly Row[], entries: readonly Entry[]): Operation[] {
  const operations: Operation[] = [];
  let current = rows;
  for (const entry of entries.toReversed()) {
    const inverse = invert(current, entry);
    for (const operation of inverse) {
      const applied = applyOperation(current, operation);
      if (!applied) continue;
      current = applied.rows;
      operations.push(operation);
    }
  }
  return operations;
}

/** Whether everything is as the act left it, so that taking it back takes nothing else. */
export function isAsLeft(rows: readonly Row[], entries: readonly Entry[]): boolean {
  const left = new Map<number, Line | undefined>();
  for (const entry of entries) {
    for (const { index } of entry.before) left.set(index, undefined);
    for (const line of entry.after) left.set(line.index, line);
  }
  return [...left].every(([name, line]) => isReadAs(findLine(rows, name), line));
}

/** Whether everything is as the act found it, so that doing it again overwrites nothing. */
export function isAsFound(rows: readonly Row[], entries: readonly Entry[]): boolean {
  return [...listOriginals(entries)].every(([name, line]) => isReadAs(findLine(rows, name), line));
}

/** Times may be others: where a text is cut, the service knows better when. */
function isReadAs(one: Row, other: Row): boolean {
  return one?.text === other?.text && one?.speaker === other?.speaker;
}

function invert(rows: readonly Row[], entry: Entry): Operation[] {
  const structural = invertStructure(entry);
  let current = rows;
  for (const operation of structural) current = applyOperation(current, operation)?.rows ?? current;
  const repairs = entry.before.flatMap((wanted) => {
    const line = findLine(current, wanted.index);
    return !line || isSameContent(line, wanted) ? [] : repair(line, wanted);
  });
  return [...structural, ...repairs];
}

function invertStructure({ operation, before }: Entry): Operation[] {
  const [first, second] = before;
  switch (operation.op) {
    case "insert":
      return [{ op: "delete", segment: operation.made }];
    case "split":
      return [{ op: "merge", segment: operation.segment, following: operation.made }];
    case "delete":
      if (!first) return [];
      return [
        {
          op: "insert",
          start: first.start,
          end: first.end,
          text: first.text,
          speaker: first.speaker,
          made: first.index,
        },
      ];
    case "merge": {
      if (!first || !second) return [];
      const character = countCharacters(first.text + jointOf(first.text, second.text));
      const isInside = first.start < second.start && second.start < Math.max(first.end, second.end);
      return [
        {
          op: "split",
          segment: first.index,
          character,
          ...(isInside && { at: second.start }),
          made: second.index,
        },
      ];
    }
    default:
      return [];
  }
}

import { expect, test } from "vitest";
import { makeSegment, makeSpoken } from "@/testing/samples";
import { findRow, findRowNear, findWord, type Row } from "./find-row";

/** Twenty segments of a second with a second between them, of which some are not loaded. */
function makeRows(isLoaded: (row: number) => boolean): Row[] {
  return Array.from({ length: 20 }, (_, row) =>
    isLoaded(row) ? makeSegment({ index: row, start: 2 * row, end: 2 * row + 1 }) : undefined,
  );
}

function lookThrough(rows: readonly Row[], seconds: number): number {
  return rows.findLastIndex((row) => row !== undefined && row.start <= seconds);
}

test.each([
  ["all are loaded", () => true],
  ["none is loaded", () => false],
  ["the middle is missing", (row: number) => row < 5 || row > 14],
  ["both ends are missing", (row: number) => row > 6 && row < 12],
  ["every third is loaded", (row: number) => row % 3 === 0],
])("the row of a time is found where %s", (_, isLoaded) => {
  const rows = makeRows(isLoaded);
  for (let seconds = -1; seconds < 42; seconds += 0.5) {
    expect(findRow(rows, seconds)).toBe(lookThrough(rows, seconds));
    for (const before of [-1, 0, 7, 19, 30]) {
      expect(findRowNear(rows, seconds, before)).toBe(lookThrough(rows, seconds));
    }
  }
});

test("the word of a time is the last that began", () => {
  const { words } = makeSpoken("one two three four", 10, 12);
  expect([9, 10, 10.4, 10.5, 11.9, 20].map((seconds) => findWord(words, seconds))).toEqual([
    -1, 0, 0, 1, 3, 3,
  ]);
  expect(findWord([], 3)).toBe(-1);
});

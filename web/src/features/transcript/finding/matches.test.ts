import { expect, test } from "vitest";
import { makeSegment } from "@/testing/samples";
import { buildPattern, findMatches, firstMatchFrom } from "./matches";

const usual = { isCaseMatched: false, isWholeWords: false };

function find(text: string, wanted: Parameters<typeof buildPattern>[0]): string[] {
  const pattern = buildPattern(wanted);
  if (!pattern) return [];
  return findMatches([makeSegment({ text })], pattern).map(({ offset, length }) =>
    text.slice(offset, offset + length),
  );
}

test("text is found literally, whatever signs it has", () => {
  for (const text of ["a.c", "(a|b)*", "[x]", "$1", "c++", String.raw`\d`, "a/b", "{2}", "^"]) {
    expect(find(`abc ${text} 12`, { ...usual, text })).toEqual([text]);
  }
});

test("case and whole words count when they are asked for", () => {
  const text = "Übel, übel: Übeltäter und das Übel_1.";
  expect(find(text, { ...usual, text: "ÜBEL" })).toHaveLength(4);
  expect(find(text, { ...usual, text: "Übel", isCaseMatched: true })).toHaveLength(3);
  expect(find(text, { ...usual, text: "übel", isWholeWords: true })).toEqual(["Übel", "übel"]);
});

test("any run of spaces stands for one; spaces alone are nothing", () => {
  expect(find("best of times", { ...usual, text: "best \n of" })).toEqual(["best of"]);
  expect(buildPattern({ ...usual, text: " " })).toBeUndefined();
  expect(buildPattern({ ...usual, text: "" })).toBeUndefined();
});

test("rows that were not loaded are passed over, and the first match from a time is known", () => {
  const rows = [
    makeSegment({ index: 0, start: 0, end: 4, text: "one one" }),
    undefined,
    makeSegment({ index: 2, start: 8, end: 12, text: "one" }),
  ];
  const matches = findMatches(rows, /one/gu);
  expect(matches.map(({ segment, offset }) => [segment.index, offset])).toEqual([
    [0, 0],
    [0, 4],
    [2, 0],
  ]);
  expect(firstMatchFrom(matches, 5)).toBe(2);
  expect(firstMatchFrom(matches, 20)).toBe(0);
});

import { expect, test } from "vitest";
import type { DroppedRead } from "@/api/generated";
import { makeSegment } from "@/testing/samples";
import { countWords, findDropped, isDoubtful, isUncertain } from "./passages";

const leaveOut = (start: number): DroppedRead => ({
  ...{ start, end: start + 1, reason: "repetition", text: "the the" },
});

test("what was left out stands behind the segment before it", () => {
  const rows = [makeSegment({ start: 2 }), makeSegment({ start: 10 }), makeSegment({ start: 20 })];
  const dropped = [1, 5, 10, 30].map(leaveOut);
  const starts = rows.map((_, row) => findDropped(dropped, rows, row).map(({ start }) => start));
  expect(starts).toEqual([[1, 5], [10], [30]]);
});

test("what was left out waits for the segment behind it", () => {
  const rows = [makeSegment({ start: 2 }), undefined];
  expect(findDropped([leaveOut(5)], rows, 0)).toEqual([]);
  expect(findDropped([leaveOut(5)], rows, 1)).toEqual([]);
});

test("the average token at even odds is the border of doubt", () => {
  expect(isDoubtful(makeSegment({ avg_logprob: Math.log(0.51) }))).toBe(false);
  expect(isDoubtful(makeSegment({ avg_logprob: Math.log(0.49) }))).toBe(true);
});

test("a word of low probability is uncertain", () => {
  const word = { word: " it", start: 0, end: 1 };
  expect(isUncertain({ ...word, probability: 0.2 })).toBe(true);
  expect(isUncertain({ ...word, probability: 0.9 })).toBe(false);
});

test("words are counted as each writing system divides them", () => {
  expect(countWords([makeSegment({ text: "It’s the best — of times." }), undefined], "en")).toBe(5);
  expect(countWords([makeSegment({ text: "今天天气很好。" })], "zh")).toBeGreaterThan(2);
});

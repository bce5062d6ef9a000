import { expect, test } from "vitest";
import { makeSegment } from "@/testing/samples";
import { arrangePassages, countWords, isDoubtful, joinText, startOf } from "./passages";

test("text and what was left out are arranged in the order of time", () => {
  const segments = [makeSegment({ start: 0 }), makeSegment({ start: 10 })];
  const dropped = [{ start: 5, end: 6, reason: "repetition" as const, text: "the the" }];
  const arranged = arrangePassages(segments, dropped);
  expect(arranged.map((each) => [each.kind, startOf(each)])).toEqual([
    ["segment", 0],
    ["dropped", 5],
    ["segment", 10],
  ]);
});

test("the average token at even odds is the border of doubt", () => {
  expect(isDoubtful(makeSegment({ avg_logprob: Math.log(0.51) }))).toBe(false);
  expect(isDoubtful(makeSegment({ avg_logprob: Math.log(0.49) }))).toBe(true);
});

test("words are counted as each writing system divides them", () => {
  expect(countWords([makeSegment({ text: "It’s the best — of times." })], "en")).toBe(5);
  expect(countWords([makeSegment({ text: "今天天气很好。" })], "zh")).toBeGreaterThan(2);
});

test("the plain text has a line for each segment", () => {
  expect(joinText([makeSegment({ text: "One." }), makeSegment({ text: "Two." })])).toBe(
    "One.\nTwo.",
  );
});

import { expect, test } from "vitest";
import { makeSegment } from "@/testing/samples";
import { findNext, listItems } from "./items";

const unsure = { word: " wurst", start: 4, end: 5, probability: 0.1 };
const rows = [
  makeSegment({ index: 0, start: 0, end: 4 }),
  makeSegment({ index: 1, start: 4, end: 8, words: [unsure] }),
  undefined,
  makeSegment({ index: 3, start: 12, end: 16, avg_logprob: -1.3 }),
];
const dropped = [{ start: 9, end: 10, reason: "silence" as const, text: "Thanks!" }];
const items = listItems(rows, dropped);
const keys = items.map((item) => item.key);

test("doubtful words, segments and what was left out are listed in the order of time", () => {
  expect(keys).toEqual(["s1", "d9-10", "s3"]);
});

test("the walk passes over what was reviewed, and begins anew at the end", () => {
  const [first, second, third] = items;
  expect(findNext(items, new Set(), undefined, 1)).toBe(first);
  expect(findNext(items, new Set(["d9-10"]), first, 1)).toBe(third);
  expect(findNext(items, new Set(), third, 1)).toBe(first);
  expect(findNext(items, new Set(), third, -1)).toBe(second);
  expect(findNext(items, new Set(keys), first, 1)).toBeUndefined();
});

test("the walk goes on from where a corrected passage was", () => {
  const [first] = items;
  if (!first) throw new Error("There is nothing to review.");
  expect(findNext(items.slice(1), new Set(), first, 1)?.key).toBe("d9-10");
});

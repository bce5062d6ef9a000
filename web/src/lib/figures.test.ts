import { expect, test } from "vitest";
import { formatAgo, formatRatio, formatShare, formatTaken } from "./figures";

test.each([
  [0, "0 ms"],
  [0.0003, "< 1 ms"],
  [0.0123, "12 ms"],
  [0.9996, "1 sec"],
  [3.44, "3.4 sec"],
  [42.4, "42 sec"],
  [59.96, "1 min"],
  [125, "2 min 5 sec"],
  [3_600, "1 hr"],
  [12_000, "3 hr 20 min"],
])("%f seconds taken are told as %s", (seconds, words) => {
  expect(formatTaken(seconds, "en")).toBe(words);
});

test.each([
  [0, "0 sec. ago"],
  [59.9, "59 sec. ago"],
  [61, "1 min. ago"],
  [7_300, "2 hr. ago"],
  [200_000, "2 days ago"],
])("%f seconds past are told as %s", (seconds, words) => {
  expect(formatAgo(seconds, "en")).toBe(words);
});

test("a share is never rounded to nothing or to all", () => {
  expect([0, 0.0001, 0.0123, 0.9999, 1].map((share) => formatShare(share, "en"))).toEqual([
    "0%",
    "< 0.1%",
    "1.2%",
    "99.9%",
    "100%",
  ]);
});

test("a ratio has two digits that count, in the language's own writing", () => {
  expect([0.1234, 1.26, 312].map((ratio) => formatRatio(ratio, "de"))).toEqual([
    "0,12",
    "1,3",
    "312",
  ]);
});

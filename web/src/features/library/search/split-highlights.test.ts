import { expect, test } from "vitest";
import { splitHighlights } from "./split-highlights";

const show = (text: string, ...places: [number, number][]) =>
  splitHighlights(
    text,
    places.map(([offset, length]) => ({ offset, length })),
  )
    .map(({ text: piece, isMatch }) => (isMatch ? `[${piece}]` : piece))
    .join("|");

test("a text is cut at its highlights, character by character", () => {
  expect(show("The board met.", [4, 5])).toBe("The |[board]| met.");
  expect(show("🎩🎩 hat", [0, 1], [3, 3])).toBe("[🎩]|🎩 |[hat]");
  expect(show("nothing")).toBe("nothing");
  expect(show("")).toBe("");
});

test("highlights that overlap or reach beyond the text lose nothing of it", () => {
  expect(show("abcdef", [1, 3], [2, 3])).toBe("a|[bcd]|[e]|f");
  expect(show("abc", [1, 9])).toBe("a|[bc]");
});

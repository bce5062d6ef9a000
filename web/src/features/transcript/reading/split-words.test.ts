import { expect, test } from "vitest";
import { makeSegment, makeSpoken } from "@/testing/samples";
import { splitWords } from "./split-words";

const write = (segment: Parameters<typeof splitWords>[0]) =>
  splitWords(segment).map(({ text, word }) => (word === undefined ? text : `[${word}:${text}]`));

test("words are told from what lies between them", () => {
  expect(write(makeSpoken("It was the best.", 0, 4))).toEqual([
    ...["[0:It]", " ", "[1:was]", " ", "[2:the]", " ", "[3:best.]"],
  ]);
});

test("a text without timed words is one part", () => {
  expect(write(makeSegment({ text: "It was.", words: [] }))).toEqual(["It was."]);
});

test("of a corrected text only the words that are there can be heard", () => {
  const { words } = makeSpoken("It vas the best.", 0, 4);
  expect(write(makeSegment({ text: "(It was the best.)", words }))).toEqual([
    ...["(", "[0:It]", " was ", "[2:the]", " ", "[3:best.]", ")"],
  ]);
});

test("every text is whole again when its parts are joined", () => {
  const texts = ["a a a", "今天天气很好。", "e\u0301te\u0301 là", "  two  spaces  "];
  for (const text of texts) {
    const { words } = makeSpoken("a 今 天 là two two", 0, 6);
    const parts = splitWords(makeSegment({ text, words }));
    expect(parts.map((part) => part.text).join("")).toBe(text);
  }
});

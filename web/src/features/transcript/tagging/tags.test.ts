import { expect, test } from "vitest";
import { addTag, removeTag, suggestTags } from "./tags";

test("a tag is added once, however it is written", () => {
  const tags = ["Work", "Übung"];
  expect(addTag(tags, "  Board \n meeting ")).toEqual(["Work", "Übung", "Board meeting"]);
  expect(addTag(tags, "work")).toBe(tags);
  expect(addTag(tags, "U\u0308BUNG")).toBe(tags);
  expect(addTag(tags, "  ")).toBe(tags);
});

test("a tag is taken away, and others are suggested that are not there", () => {
  expect(removeTag(["a", "b"], "a")).toEqual(["b"]);
  expect(suggestTags(["2026", "WORK", "talk"], ["work"])).toEqual(["2026", "talk"]);
});

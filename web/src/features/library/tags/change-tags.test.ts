import { expect, test } from "vitest";
import { changeTags } from "./change-tags";

test("tags come and go whatever their capitals, and the first spelling stays", () => {
  expect(changeTags(["Work", "Äpfel"], { add: ["work", "New"], remove: ["äpfel"] })).toEqual([
    "Work",
    "New",
  ]);
  expect(changeTags(["a"], {})).toEqual(["a"]);
  expect(changeTags(["a"], { add: ["A"], remove: ["a"] })).toEqual(["A"]);
});

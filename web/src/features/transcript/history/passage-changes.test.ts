import { expect, test } from "vitest";
import type { PassageRead, SegmentVersion } from "@/api/generated";
import { findChanges, hasOtherWords } from "./passage-changes";

function makeVersion(change: Partial<SegmentVersion> = {}): SegmentVersion {
  return { start: 0, end: 4, text: "One two.", speaker: null, words: [], ...change };
}

function makePassage(before: SegmentVersion[], after: SegmentVersion[]): PassageRead {
  return { start: 0, end: 4, before, after, pieces: [{ kind: "equal", text: "One two." }] };
}

test("speakers, times and a division are told beside the words", () => {
  const split = [
    makeVersion({ end: 1, text: "One", speaker: "Ada" }),
    makeVersion({ start: 1, end: 5, text: "two.", speaker: "Bob" }),
  ];
  expect(findChanges(makePassage([makeVersion()], split))).toEqual({
    segments: [1, 2],
    speakers: [[null], ["Ada", "Bob"]],
    times: [
      [0, 4],
      [0, 5],
    ],
  });
});

test("other words alone are no change beside the words", () => {
  const passage = makePassage([makeVersion()], [makeVersion({ text: "One three." })]);
  expect(findChanges(passage)).toEqual({});
  expect(hasOtherWords(passage)).toBe(false);
  passage.pieces.push({ kind: "added", text: "three" });
  expect(hasOtherWords(passage)).toBe(true);
});

test("a passage that came or went is told by its words", () => {
  expect(findChanges(makePassage([], [makeVersion({ speaker: "Ada" })]))).toEqual({});
  expect(findChanges(makePassage([makeVersion()], []))).toEqual({});
});

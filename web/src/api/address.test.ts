import { expect, expectTypeOf, test } from "vitest";
import { addressOf } from "./address";
import { createKey, exportTranscript, listJobs, readMedia, streamJobs } from "./generated";

const origin = window.location.origin;

test("an address is the operation's, with its path and query", () => {
  expect(addressOf(readMedia, { path: { recording_id: "a/b" } })).toBe(
    `${origin}/recordings/a%2Fb/media`,
  );
  expect(addressOf(exportTranscript, { path: { job_id: "j1" }, query: { format: "srt" } })).toBe(
    `${origin}/transcripts/j1/export?format=srt`,
  );
  expect(addressOf(listJobs, {})).toBe(`${origin}/jobs/`);
});

test("streams have one too", () => {
  expect(addressOf(streamJobs, {})).toBe(`${origin}/jobs/events`);
});

test("what changes something has none, and is not done", () => {
  expect(() => addressOf(createKey, {})).toThrow(TypeError);
});

test("a place is typed by the contract", () => {
  expectTypeOf(addressOf<typeof readMedia>)
    .parameter(1)
    .toExtend<{
      path: { recording_id: string };
    }>();
  // @ts-expect-error -- the path names no `job_id`
  expect(addressOf(readMedia, { path: { job_id: "j1" } })).toContain("{recording_id}");
});

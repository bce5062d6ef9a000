import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, expect, test } from "vitest";
import { renderSignedIn } from "@/testing/render-app";
import { JOB_ID, makeJob, makeSegment, makeTranscript } from "@/testing/samples";
import { server } from "@/testing/server";
import { giveFinished, giveJob } from "@/testing/transcripts";

const page = `/transcript/${JOB_ID}`;
const long = makeTranscript({
  segments: Array.from({ length: 300 }, (_, index) =>
    makeSegment({ index, start: index, end: index + 0.9, text: `Number ${index}.` }),
  ),
});

beforeAll(async () => {
  await import("./TranscriptScreen");
}, 120_000);

afterEach(() => {
  server.events.removeAllListeners();
});

/** What is asked of the service about the job and its text, in that order. */
function watchRequests(): string[] {
  const asked: string[] = [];
  server.events.on("request:start", ({ request }) => {
    const { pathname, search } = new URL(request.url);
    if (pathname.includes(JOB_ID)) asked.push(pathname.replace(JOB_ID, "job") + search);
  });
  return asked;
}

test("what the screen shows first is asked for ahead of it, and once", async () => {
  giveFinished(long);
  const asked = watchRequests();
  renderSignedIn(page);
  expect(await screen.findByText("Number 0.")).toBeVisible();
  await screen.findByText(/\b600 words/);
  expect(asked.slice(0, 3)).toEqual([
    "/jobs/job",
    "/transcripts/job/overview",
    "/transcripts/job/segments?offset=0&limit=60",
  ]);
  expect(asked.slice(3).sort()).toEqual([
    "/transcripts/job/segments?revision=0&offset=60&limit=1000",
    "/transcripts/job/tags",
  ]);
});

test("a moment in the recording is asked for ahead of the rest", async () => {
  giveFinished(long);
  const asked = watchRequests();
  renderSignedIn(`${page}?at=250.5`);
  await waitFor(() => {
    expect(screen.getByText("Number 250.")).toBeVisible();
  });
  const ahead = "/transcripts/job/segments?from_seconds=250.5&limit=60";
  await screen.findByText(/\b600 words/);
  expect(asked.indexOf(ahead)).toBe(2);
  expect(asked.filter((each) => each === ahead)).toHaveLength(1);
});

test("of a job without a text none is asked for", async () => {
  giveJob(makeJob({ state: "failed", has_transcript: false }));
  const asked = watchRequests();
  renderSignedIn(page);
  await screen.findByRole("heading", { name: "This recording could not be transcribed" });
  expect(asked).toEqual(["/jobs/job"]);
});

import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import type { ReadJobData } from "@/api/generated";
import { deleted, moved, progress, snapshot, TestStream } from "@/testing/event-stream";
import { renderSignedIn } from "@/testing/render-app";
import { JOB_ID, makeJob, makeTranscript } from "@/testing/samples";
import { refuse } from "@/testing/server";
import { giveFinished, giveJob, giveTranscript } from "@/testing/transcripts";

const page = `/transcript/${JOB_ID}`;
const running = makeJob({ state: "running", progress: 0.5, eta_seconds: 20 });
const text = "It was the best of times.";

// The screen is loaded when it is asked for, which takes its time on a busy machine.
beforeAll(async () => {
  await import("./TranscriptScreen");
}, 120_000);

afterEach(() => {
  vi.useRealTimers();
});

function loseJob(): void {
  refuse<ReadJobData>("get", "/jobs/{job_id}", {
    status: 404,
    code: "job_not_found",
    detail: "There is no such job.",
  });
}

test("a job that moves is followed without asking, and its text comes by itself", async () => {
  const asked = giveJob(running);
  giveTranscript(makeTranscript());
  const stream = new TestStream();
  renderSignedIn(page);
  expect(await screen.findByText("50% done · about 20 sec left")).toBeVisible();
  await stream.send(snapshot(running));
  await stream.send(progress({ ...running, progress: 0.75, eta_seconds: 10 }));
  expect(await screen.findByText("75% done · about 10 sec left")).toBeVisible();
  await stream.send(moved(makeJob(), "running"));
  expect(await screen.findByText(text)).toBeVisible();
  expect(asked.count).toBe(1);
  // There is nothing to be told of a text that is read.
  expect(stream.requests[0]?.signal.aborted).toBe(true);
});

test("a finished transcript opens no stream", async () => {
  giveFinished(makeTranscript());
  const stream = new TestStream();
  renderSignedIn(page);
  expect(await screen.findByText(text)).toBeVisible();
  expect(stream.requests).toEqual([]);
});

test("while the stream is away the job is asked for until its text is there", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const asked = giveJob(running);
  giveTranscript(makeTranscript());
  const stream = new TestStream();
  renderSignedIn(page);
  await stream.send(snapshot(running));
  await screen.findByText("50% done · about 20 sec left");
  await vi.advanceTimersByTimeAsync(10_000);
  const before = asked.count;
  expect(before).toBeLessThan(3);
  stream.breakOff();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.count - before).toBeGreaterThan(3);
  giveJob(makeJob());
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await screen.findByText(text)).toBeVisible();
});

test("a job that is deleted meanwhile gives way to the word that it is gone", async () => {
  giveJob(running);
  const stream = new TestStream();
  renderSignedIn(page);
  await screen.findByText("The transcript is on its way");
  await stream.send(snapshot(running));
  loseJob();
  await stream.send(deleted(running));
  expect(await screen.findByRole("alert")).toHaveTextContent("There is no such job.");
  expect(screen.queryByText("The transcript is on its way")).not.toBeInTheDocument();
});

test("a job that is gone is not asked for again", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const asked = giveJob(running);
  const stream = new TestStream();
  stream.breakOff();
  renderSignedIn(page);
  await screen.findByText("The transcript is on its way");
  loseJob();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await screen.findByRole("alert")).toHaveTextContent("There is no such job.");
  const seen = asked.count;
  giveJob(running);
  await vi.advanceTimersByTimeAsync(10_000);
  await waitFor(() => {
    expect(screen.getByRole("alert")).toHaveTextContent("There is no such job.");
  });
  expect(asked.count).toBe(seen);
});

import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type {
  CreateJobData,
  CreateJobResponses,
  ListModelsData,
  ListModelsResponses,
  ReadJobData,
} from "@/api/generated";
import { deleted, moved, progress, snapshot, TestStream } from "@/testing/event-stream";
import { renderSignedIn } from "@/testing/render-app";
import { makeAcceptedJob, makeJob, makeModel } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";
import { giveJob } from "@/testing/transcripts";
import { uploads } from "./uploads";

const running = makeJob({ state: "running", progress: 0.2, has_transcript: false });
const done = { name: "Read interview.m4a" };

beforeEach(() => {
  uploads.clear();
  const models = { items: [makeModel()] };
  answer<ListModelsData, ListModelsResponses>("get", "/models", 200, models);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Sends a file, which becomes a job that waits. */
async function send(): Promise<void> {
  const accepted = makeAcceptedJob({ state: "queued", progress: null });
  answer<CreateJobData, CreateJobResponses>("post", "/jobs/", 201, accepted);
  const { user } = renderSignedIn("/transcribe");
  const recording = new File(["speech"], accepted.name, { type: "audio/mp4" });
  await user.upload(await screen.findByTestId("files"), recording);
  await user.click(screen.getByRole("button", { name: "Transcribe 1 file" }));
}

test("what becomes of a sent file is told, without asking, and then the stream is let go", async () => {
  const asked = giveJob(running);
  const stream = new TestStream();
  await send();
  await stream.send(snapshot(running));
  await stream.send(progress({ ...running, progress: 0.5, eta_seconds: 60 }));
  expect(await screen.findByText("50% done · about 1 min left")).toBeVisible();
  expect(stream.requests[0]?.signal.aborted).toBe(false);
  await stream.send(moved(makeJob(), "running"));
  expect(await screen.findByRole("link", done)).toBeVisible();
  expect(asked.count).toBe(1);
  expect(stream.requests).toHaveLength(1);
  expect(stream.requests[0]?.signal.aborted).toBe(true);
});

test("while the stream is away the job is asked for again and again, until it ends", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const asked = giveJob(running);
  const stream = new TestStream();
  await send();
  await stream.send(snapshot(running));
  expect(await screen.findByText("20% done")).toBeVisible();
  await vi.advanceTimersByTimeAsync(10_000);
  const before = asked.count;
  expect(before).toBeLessThan(3);
  stream.breakOff();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.count - before).toBeGreaterThan(3);
  const last = giveJob(makeJob());
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await screen.findByRole("link", done)).toBeVisible();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(last.count).toBe(1);
});

test("a stream that comes back takes over from the asking", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  giveJob(running);
  const stream = new TestStream();
  await send();
  await stream.send(snapshot(running));
  await screen.findByText("20% done");
  stream.breakOff();
  await vi.advanceTimersByTimeAsync(5_000);
  stream.admit();
  await vi.advanceTimersByTimeAsync(30_000);
  await stream.send(snapshot({ ...running, progress: 0.7 }));
  expect(await screen.findByText("70% done")).toBeVisible();
  const asked = giveJob(running);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.count).toBe(0);
});

test("a job that somebody deletes says so", async () => {
  giveJob(running);
  const stream = new TestStream();
  await send();
  await stream.send(snapshot(running));
  await screen.findByText("20% done");
  refuse<ReadJobData>("get", "/jobs/{job_id}", {
    status: 404,
    code: "job_not_found",
    detail: "There is no such job.",
  });
  await stream.send(deleted(running));
  await waitFor(() => {
    expect(screen.getByText("There is no such job.")).toBeVisible();
  });
});

import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import type { JobRead, ListJobsData, ListJobsResponses } from "@/api/generated";
import { deleted, moved, progress, snapshot, TestStream } from "@/testing/event-stream";
import { renderSignedIn } from "@/testing/render-app";
import { makeJob } from "@/testing/samples";
import { answer } from "@/testing/server";

afterEach(() => {
  vi.useRealTimers();
});

/** Answers the list; gives how often it was asked for. */
function listJobs(...items: JobRead[]): { count: number } {
  const asked = { count: 0 };
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, () => {
    asked.count += 1;
    return { items, next_cursor: null, total: items.length };
  });
  return asked;
}

const running = makeJob({ state: "running", progress: 0.2, has_transcript: false });

async function findRow(name: string) {
  return within((await screen.findByRole("link", { name })).closest("li") ?? document.body);
}

function hide(isHidden: boolean): void {
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(isHidden ? "hidden" : "visible");
  act(() => {
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

test("what happens is shown as it happens, without asking, and its end is read out", async () => {
  const asked = listJobs(running);
  const stream = new TestStream();
  renderSignedIn("/library");
  const row = await findRow("interview.m4a");
  await stream.send(snapshot(running));
  await stream.send(progress({ ...running, progress: 0.5, eta_seconds: 60 }));
  expect(await row.findByText("50% done · about 1 min left")).toBeVisible();
  await stream.send(moved(makeJob(), "running"));
  expect(await row.findByText("Done")).toBeVisible();
  expect(await screen.findByText("interview.m4a: Done")).toBeInTheDocument();
  expect(asked.count).toBe(1);
});

test("a job that comes or goes elsewhere comes or goes here", async () => {
  const first = makeJob({ id: "1".repeat(32), name: "first.wav" });
  const second = makeJob({ id: "2".repeat(32), name: "second.wav", state: "queued" });
  listJobs(first);
  const stream = new TestStream();
  renderSignedIn("/library");
  await findRow("first.wav");
  await stream.send(snapshot());
  listJobs(second, first);
  await stream.send(moved(second, null));
  expect(await screen.findByRole("link", { name: "second.wav" })).toBeVisible();
  listJobs(second);
  await stream.send(deleted(first));
  await waitFor(() => {
    expect(screen.queryByRole("link", { name: "first.wav" })).not.toBeInTheDocument();
  });
  expect(await screen.findByText("1 transcription")).toBeVisible();
});

test("an end that was missed before the stream began is asked for", async () => {
  listJobs(running);
  const stream = new TestStream();
  renderSignedIn("/library");
  await findRow("interview.m4a");
  listJobs(makeJob());
  await stream.send(snapshot());
  expect(await screen.findByText("Done", { selector: "span" })).toBeVisible();
});

test("without the stream the list is asked for again and again, until it is back", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const asked = listJobs(running);
  const stream = new TestStream();
  renderSignedIn("/library");
  await findRow("interview.m4a");
  await stream.send(snapshot(running));
  await waitFor(() => {
    expect(stream.requests).toHaveLength(1);
  });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.count).toBe(1);
  stream.breakOff();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.count).toBeGreaterThan(3);
  expect(screen.getByText(/No live connection/)).toBeVisible();
  const refused = stream.requests.length;
  expect(refused).toBeLessThan(7);
  stream.admit();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(stream.requests.at(-1)?.headers.get("Last-Event-ID")).toBe("1");
  await stream.send(snapshot(running));
  await waitFor(() => {
    expect(screen.queryByText(/No live connection/)).not.toBeInTheDocument();
  });
  const before = asked.count;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.count - before).toBeLessThan(2);
});

test("a page that stays hidden lets go of its connection and resumes where it was", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  listJobs(running);
  const stream = new TestStream();
  renderSignedIn("/library");
  await findRow("interview.m4a");
  await stream.send(snapshot(running));
  await waitFor(() => {
    expect(stream.requests).toHaveLength(1);
  });
  hide(true);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(stream.requests[0]?.signal.aborted).toBe(true);
  expect(stream.requests).toHaveLength(1);
  hide(false);
  await waitFor(() => {
    expect(stream.requests).toHaveLength(2);
  });
  expect(stream.requests[1]?.headers.get("Last-Event-ID")).toBe("1");
});

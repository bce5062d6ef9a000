import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type {
  CancelJobData,
  CancelJobResponses,
  DeleteJobData,
  DeleteJobResponses,
  JobRead,
  ListJobsData,
  ListJobsResponses,
  RetryJobData,
} from "@/api/generated";
import { renderSignedIn } from "@/testing/render-app";
import { makeJob } from "@/testing/samples";
import { answer, refuse, stall } from "@/testing/server";

function listJobs(...items: JobRead[]): void {
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, {
    items,
    next_cursor: null,
    total: items.length,
  });
}

const id = (digit: string) => digit.repeat(32);

test("every state is told in words, with progress, time left and reason", async () => {
  listJobs(
    makeJob({ id: id("1"), name: "done.wav" }),
    makeJob({ id: id("2"), name: "half.wav", state: "running", progress: 0.425, eta_seconds: 130 }),
    makeJob({ id: id("3"), name: "later.wav", state: "queued", progress: null, queue_position: 3 }),
    makeJob({
      id: id("4"),
      name: "page.mp3",
      state: "failed",
      error: { code: "unsupported", message: "page.mp3 is a web page, not a recording." },
    }),
  );
  renderSignedIn("/library");
  const row = async (name: string) =>
    within((await screen.findByRole("link", { name })).closest("li") ?? document.body);

  expect((await row("done.wav")).getByText("Done")).toBeVisible();
  expect((await row("half.wav")).getByText("43% done · about 2 min left")).toBeVisible();
  expect((await row("half.wav")).getByRole("progressbar")).toHaveAttribute("aria-valuenow", "42.5");
  expect((await row("later.wav")).getByText("2 jobs ahead")).toBeVisible();
  expect((await row("page.mp3")).getByText(/is a web page/)).toBeVisible();
});

test("a running job can be cancelled, and the list shows what became of it", async () => {
  const running = makeJob({ state: "running", progress: 0.2 });
  listJobs(running);
  const { user } = renderSignedIn("/library");
  await user.click(await screen.findByRole("button", { name: "Actions for interview.m4a" }));
  answer<CancelJobData, CancelJobResponses>("post", "/jobs/{job_id}/cancel", 200, () => {
    const cancelled = makeJob({ state: "cancelled" });
    listJobs(cancelled);
    return cancelled;
  });
  await user.click(await screen.findByRole("menuitem", { name: "Cancel" }));
  expect(await screen.findByText("Cancelled")).toBeVisible();
});

test("a deletion is asked about first", async () => {
  listJobs(makeJob());
  const { user } = renderSignedIn("/library");
  await user.click(await screen.findByRole("button", { name: "Actions for interview.m4a" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
  expect(await screen.findByText(/cannot be undone/)).toBeVisible();
  answer<DeleteJobData, DeleteJobResponses>("delete", "/jobs/{job_id}", 204, () => {
    listJobs();
  });
  await user.click(screen.getByRole("button", { name: "Delete for good" }));
  expect(await screen.findByText("Nothing transcribed yet")).toBeVisible();
});

test("a refused retry says why and leaves the list", async () => {
  listJobs(makeJob({ state: "failed" }));
  refuse<RetryJobData>("post", "/jobs/{job_id}/retry", {
    status: 409,
    code: "conflict",
    detail: "The recording of this job is gone.",
  });
  const { user } = renderSignedIn("/library");
  await user.click(await screen.findByRole("button", { name: "Actions for interview.m4a" }));
  await user.click(await screen.findByRole("menuitem", { name: "Transcribe again" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The recording of this job is gone.");
  expect(screen.getByRole("link", { name: "interview.m4a" })).toBeVisible();
});

test("older jobs come page by page", async () => {
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, (request) =>
    new URL(request.url).searchParams.get("cursor") === "next"
      ? { items: [makeJob({ id: id("2"), name: "old.wav" })], next_cursor: null, total: 2 }
      : { items: [makeJob({ id: id("1"), name: "new.wav" })], next_cursor: "next", total: 2 },
  );
  const { user } = renderSignedIn("/library");
  await user.click(await screen.findByRole("button", { name: "Show more" }));
  expect(await screen.findByRole("link", { name: "old.wav" })).toBeVisible();
  expect(screen.getByRole("link", { name: "new.wav" })).toBeVisible();
});

test("loading and failing are told", async () => {
  stall<ListJobsData>("get", "/jobs/");
  renderSignedIn("/library");
  expect(await screen.findByText("Loading your transcriptions")).toBeInTheDocument();
});

test("a list that cannot be loaded can be asked for again", async () => {
  refuse<ListJobsData>("get", "/jobs/", {
    status: 500,
    code: "internal",
    detail: "The database did not answer.",
  });
  const { user } = renderSignedIn("/library");
  expect(await screen.findByText("The database did not answer.")).toBeVisible();
  listJobs(makeJob());
  await user.click(screen.getByRole("button", { name: "Try again" }));
  await waitFor(() => {
    expect(screen.getByRole("link", { name: "interview.m4a" })).toBeVisible();
  });
});

test("a session that ended leads to the sign-in", async () => {
  refuse<ListJobsData>("get", "/jobs/", {
    status: 401,
    code: "unauthenticated",
    detail: "Sign in first.",
  });
  const { router } = renderSignedIn("/library");
  expect(await screen.findByLabelText("Password")).toBeVisible();
  expect(router.state.location.search).toEqual({ next: "/library" });
});

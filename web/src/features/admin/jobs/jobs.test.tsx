import { screen, waitFor, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type {
  AdminJobRead,
  CancelAnyJobData,
  CancelAnyJobResponses,
  DeleteAnyJobData,
  DeleteAnyJobResponses,
  ListAccountsData,
  ListAccountsResponses,
  ListAllJobsData,
  ListAllJobsResponses,
  PrioritiseJobData,
  PrioritiseJobResponses,
  ReadAccountData,
  ReadAccountResponses,
  RetryAnyJobData,
  StreamAnyJobData,
} from "@/api/generated";
import { makeAnyJob } from "@/testing/figures";
import { renderSignedIn } from "@/testing/render-app";
import { makeAccount } from "@/testing/samples";
import { answer, refuse, server, stall } from "@/testing/server";

const bob = makeAccount({ user_id: "b".repeat(32) });

function listJobs(...items: AdminJobRead[]): void {
  const page = { items, next_cursor: null, total: items.length };
  answer<ListAllJobsData, ListAllJobsResponses>("get", "/api/admin/jobs", 200, page);
}

beforeEach(() => {
  listJobs(makeAnyJob());
  answer<ListAccountsData, ListAccountsResponses>("get", "/api/admin/accounts", 200, {
    items: [bob],
    next_cursor: null,
  });
  answer<ReadAccountData, ReadAccountResponses>("get", "/api/admin/accounts/{user_id}", 200, bob);
});

async function choose(entry: string, page = "/admin/jobs") {
  const shown = renderSignedIn(page);
  await shown.user.click(await screen.findByRole("button", { name: /^Actions for/ }));
  await shown.user.click(await screen.findByRole("menuitem", { name: entry }));
  return { ...shown, dialog: within(await screen.findByRole("dialog")) };
}

test("a job says whose it is, and the address says which are listed", async () => {
  let asked = "";
  answer<ListAllJobsData, ListAllJobsResponses>("get", "/api/admin/jobs", 200, (request) => {
    asked = new URL(request.url).search;
    return { items: [makeAnyJob({ priority: 3 })], next_cursor: null, total: 1 };
  });
  const { user, router } = renderSignedIn(`/admin/jobs?state=failed&owner=${bob.user_id}`);
  expect(await screen.findByText(/^of bob · 0:44 · base · priority 3/)).toBeVisible();
  expect(asked).toContain("state=failed");
  expect(asked).toContain(`user_id=${bob.user_id}`);
  await user.click(screen.getByRole("combobox", { name: "State" }));
  await user.click(await screen.findByRole("option", { name: "Set aside" }));
  await waitFor(() => {
    expect(asked).toContain("state=quarantined");
  });
  expect(router.state.location.search).toMatchObject({ state: "quarantined" });
});

test("a cancellation is asked about, and its result told", async () => {
  listJobs(makeAnyJob({ state: "running" }));
  const { user, dialog } = await choose("Cancel the job");
  answer<CancelAnyJobData, CancelAnyJobResponses>(
    "post",
    "/api/admin/jobs/{job_id}/cancel",
    200,
    () => {
      listJobs(makeAnyJob({ state: "cancelled" }));
      return makeAnyJob({ state: "cancelled" });
    },
  );
  await user.click(dialog.getByRole("button", { name: "Cancel the job" }));
  expect(await screen.findByText(/“interview.m4a” is cancelled/)).toBeVisible();
  const list = within(screen.getByRole("list", { name: /^Jobs/ }));
  expect(await list.findByText("Cancelled")).toBeVisible();
});

test("another try that is refused says why and stays a question", async () => {
  listJobs(makeAnyJob({ state: "quarantined" }));
  refuse<RetryAnyJobData>("post", "/api/admin/jobs/{job_id}/retry", {
    status: 409,
    code: "recording_gone",
    detail: "The recording is gone.",
  });
  const { user, dialog } = await choose("Try again");
  await user.click(dialog.getByRole("button", { name: "Try again" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("The recording is gone.");
});

test("a deletion leaves the list without the job", async () => {
  const { user, dialog } = await choose("Delete the job");
  expect(dialog.getByText(/“interview.m4a” of bob is removed for good/)).toBeVisible();
  answer<DeleteAnyJobData, DeleteAnyJobResponses>("delete", "/api/admin/jobs/{job_id}", 204, () => {
    listJobs();
  });
  await user.click(dialog.getByRole("button", { name: "Delete the job" }));
  expect(await screen.findByText("No such jobs")).toBeVisible();
  expect(screen.getByText("“interview.m4a” is deleted.")).toBeVisible();
});

test("a priority is sent as it was set", async () => {
  listJobs(makeAnyJob({ state: "queued" }));
  const { user, dialog } = await choose("Set the priority");
  let sent: unknown;
  answer<PrioritiseJobData, PrioritiseJobResponses>(
    "patch",
    "/api/admin/jobs/{job_id}",
    200,
    async (request) => {
      sent = await request.json();
      return makeAnyJob({ state: "queued", priority: 7 });
    },
  );
  const field = dialog.getByLabelText("Priority");
  await user.clear(field);
  await user.type(field, "7");
  await user.click(dialog.getByRole("button", { name: "Set the priority" }));
  expect(await screen.findByText("“interview.m4a” has priority 7 now.")).toBeVisible();
  expect(sent).toEqual({ priority: 7 });
});

const eventsPath = `${window.location.origin}${"/api/admin/jobs/{job_id}/events" satisfies StreamAnyJobData["url"]}`;

function streamEvents(...events: object[]): void {
  const body = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");
  const headers = { "Content-Type": "text/event-stream" };
  server.use(
    http.get(eventsPath.replace("{job_id}", ":id"), ({ request }) => {
      expect(new URL(request.url).searchParams.get("last_event_id")).toBe("0");
      return new HttpResponse(body, { headers });
    }),
  );
}

test("what happened to a job is told from its beginning", async () => {
  const event = {
    type: "state",
    id: 1,
    job_id: "x",
    from_state: null,
    to_state: "queued",
    detail: null,
    created_at: "2026-11-22T10:00:00Z",
    generation: 1,
    attempt: 0,
    job: null,
  };
  const died = { ...event, id: 2, from_state: "running", to_state: "quarantined" };
  streamEvents(event, event, { ...died, detail: "Three workers died." });
  const { dialog } = await choose("What happened");
  expect(await dialog.findByText("Transcribing → Set aside")).toBeVisible();
  expect(dialog.getByText("Three workers died.")).toBeVisible();
  expect(dialog.getAllByRole("listitem")).toHaveLength(2);
  expect(await dialog.findByText("This is all; the job has ended.")).toBeVisible();
});

test("loading is told", async () => {
  stall<ListAllJobsData>("get", "/api/admin/jobs");
  renderSignedIn("/admin/jobs");
  expect(await screen.findByText("Loading the jobs")).toBeInTheDocument();
});

test("a list that cannot be loaded can be asked for again", async () => {
  refuse<ListAllJobsData>("get", "/api/admin/jobs", {
    status: 500,
    code: "internal",
    detail: "The database did not answer.",
  });
  const { user } = renderSignedIn("/admin/jobs");
  expect(await screen.findByText("The database did not answer.")).toBeVisible();
  listJobs(makeAnyJob());
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("interview.m4a")).toBeVisible();
});

import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  CollectGarbageData,
  CollectGarbageResponses,
  CollectionRead,
  DrainRead,
  DrainWorkerData,
  DrainWorkerResponses,
  ListAccountsData,
  ListAliasUsesData,
  ListAllJobsData,
  ReadAccountData,
  ReadAccountResponses,
  ReadJobStatsData,
  ReadPerformanceData,
  ReadSystemHealthData,
  ReadSystemHealthResponses,
  ResumeWorkerData,
  ResumeWorkerResponses,
  SystemHealth,
  ValidateModelsData,
  ValidateModelsResponses,
} from "@/api/generated";
import { makeSystem } from "@/testing/figures";
import { renderSignedIn } from "@/testing/render-app";
import { makeAccount } from "@/testing/samples";
import { answer, refuse, stall } from "@/testing/server";

const moment = "2026-11-26T10:00:00Z";
const admin = "4".repeat(32);
const order: DrainRead = { worker_id: "w1", requested_at: moment, requested_by: admin };

beforeEach(() => {
  // What the other cards ask for.
  stall<ReadJobStatsData>("get", "/api/admin/jobs/stats");
  stall<ReadPerformanceData>("get", "/api/admin/health/performance");
  stall<ListAllJobsData>("get", "/api/admin/jobs");
  stall<ListAccountsData>("get", "/api/admin/accounts");
  stall<ListAliasUsesData>("get", "/api/admin/uploads/aliases");
  stall<ReadAccountData>("get", "/api/admin/accounts/{user_id}");
});

function tellSystem(change: Partial<SystemHealth> = {}): void {
  const path = "/api/admin/health/system";
  const system = makeSystem(1, change);
  answer<ReadSystemHealthData, ReadSystemHealthResponses>("get", path, 200, system);
}

function makeWorkers(change: Partial<SystemHealth["workers"][number]>): SystemHealth["workers"] {
  return makeSystem(1).workers.map((worker) => ({ ...worker, ...change }));
}

function makeCollection(change: Partial<CollectionRead>): CollectionRead {
  return {
    id: "c",
    requested_at: moment,
    requested_by: admin,
    started_at: null,
    ended_at: null,
    counts: null,
    problem: null,
    ...change,
  };
}

function makeStorage(collection: CollectionRead): SystemHealth["storage"] {
  return { ...makeSystem(1).storage, collection };
}

async function openCard(name: string) {
  const { user } = renderSignedIn("/admin");
  return { user, card: within(await screen.findByRole("region", { name })) };
}

test("a worker is drained after a question, and shown as drained", async () => {
  tellSystem();
  answer<DrainWorkerData, DrainWorkerResponses>(
    "post",
    "/api/admin/workers/{worker_id}/drain",
    202,
    (request) => {
      expect(request.url).toContain("/workers/w1/");
      const workers = makeWorkers({ state: "draining", drain: order });
      tellSystem({ workers });
      return order;
    },
  );
  const account = makeAccount({ user_id: admin, name: "grace" });
  const path = "/api/admin/accounts/{user_id}";
  answer<ReadAccountData, ReadAccountResponses>("get", path, 200, account);
  const { user, card } = await openCard("Workers");
  await user.click(await card.findByRole("button", { name: "Drain host-1 (41)" }));
  const dialog = await screen.findByRole("dialog", { name: "Drain this worker?" });
  await user.click(within(dialog).getByRole("button", { name: "Drain" }));
  expect(await card.findByText("Draining")).toBeVisible();
  expect(await card.findByText(/^by grace, /)).toBeVisible();
  expect(card.getByRole("button", { name: "Resume host-1 (41)" })).toBeVisible();
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("a refused drain is told where it was asked about", async () => {
  tellSystem();
  const detail = "This worker was not heard of for too long; it works on nothing.";
  const refusal = { status: 409, code: "worker_gone", detail };
  refuse<DrainWorkerData>("post", "/api/admin/workers/{worker_id}/drain", refusal);
  const { user, card } = await openCard("Workers");
  await user.click(await card.findByRole("button", { name: /^Drain/ }));
  const dialog = await screen.findByRole("dialog");
  await user.click(within(dialog).getByRole("button", { name: "Drain" }));
  expect(await within(dialog).findByText(detail)).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Cancel" }));
  await waitFor(() => {
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
});

test("a drained worker is resumed; a refusal is told beside it", async () => {
  tellSystem({ workers: makeWorkers({ state: "drained", drain: order }) });
  const path = "/api/admin/workers/{worker_id}/resume";
  const detail = "There is no such worker.";
  refuse<ResumeWorkerData>("post", path, { status: 404, code: "worker_not_found", detail });
  const { user, card } = await openCard("Workers");
  await user.click(await card.findByRole("button", { name: /^Resume/ }));
  expect(await card.findByText(detail)).toBeVisible();
  answer<ResumeWorkerData, ResumeWorkerResponses>("post", path, 204, () => {
    tellSystem();
    return undefined;
  });
  await user.click(card.getByRole("button", { name: /^Resume/ }));
  expect(await card.findByText("Ready")).toBeVisible();
});

test("nobody drains a worker that is silent", async () => {
  tellSystem({ workers: makeWorkers({ state: "stale" }) });
  const { card } = await openCard("Workers");
  expect(await card.findByText("Silent")).toBeVisible();
  expect(card.queryByRole("button")).not.toBeInTheDocument();
});

test("models are checked again, and the card says by how many", async () => {
  tellSystem();
  const asked = { id: "v", requested_at: moment, requested_by: admin };
  answer<ValidateModelsData, ValidateModelsResponses>(
    "post",
    "/api/admin/models/validation",
    202,
    () => {
      tellSystem({ validation: { ...asked, ended_at: null, waits_for: ["w1", "w2"] } });
      return asked;
    },
  );
  const { user, card } = await openCard("Models");
  await user.click(await card.findByRole("button", { name: "Check again" }));
  expect(await card.findByText("All will be read again.")).toBeVisible();
  expect(await card.findByText(/2 workers have yet to look\.$/)).toBeVisible();
});

test.each([
  [{ ended_at: moment, waits_for: [] }, /^Checked again by all workers, /],
  [{ ended_at: null, waits_for: [] }, /no worker was there to look\.$/],
])("the end of a check is told", async (end, text) => {
  const problem = "base.pt is damaged.";
  const models = makeSystem(1).models.map((model) => ({
    ...model,
    examined_at: moment,
    refused_by: [{ worker_id: "w1", problem }],
  }));
  tellSystem({
    models,
    validation: { id: "v", requested_at: moment, requested_by: admin, ...end },
  });
  const { card } = await openCard("Models");
  expect(await card.findByText(text)).toBeVisible();
  expect(card.getByText(/1 worker cannot use it\. base\.pt is damaged\./)).toBeVisible();
});

test("a check that is not taken is told, and one under way cannot be asked for twice", async () => {
  tellSystem();
  stall<ValidateModelsData>("post", "/api/admin/models/validation");
  const { user, card } = await openCard("Models");
  const button = await card.findByRole("button", { name: "Check again" });
  await user.click(button);
  await waitFor(() => {
    expect(button).toHaveAttribute("data-loading");
  });
});

test("a collection is run, once at a time, and what it removed is told", async () => {
  tellSystem();
  const asked = makeCollection({});
  const path = "/api/admin/collection";
  const detail = "The database does not answer.";
  refuse<CollectGarbageData>("post", path, { status: 503, code: "unavailable", detail });
  const { user, card } = await openCard("Storage");
  const button = await card.findByRole("button", { name: "Run collection" });
  await user.click(button);
  expect(await card.findByText(detail)).toBeVisible();
  answer<CollectGarbageData, CollectGarbageResponses>("post", path, 202, () => {
    tellSystem({ storage: makeStorage(asked) });
    return asked;
  });
  await user.click(button);
  expect(await card.findByText("A worker will take it up.")).toBeVisible();
  expect(await card.findByText(/^A collection waits for a worker since /)).toBeVisible();
  expect(button).toBeDisabled();
});

const none = {
  jobs: 0,
  recordings: 0,
  expired_uploads: 0,
  cleaned_uploads: 0,
  forgotten_uploads: 0,
  objects: 0,
  orphans: 0,
  idempotency_keys: 0,
  deletion_events: 0,
  audit_entries: 0,
};

test.each<[Partial<CollectionRead>, string[]]>([
  [{ started_at: moment }, ["A worker collects since "]],
  [{ started_at: moment, ended_at: moment, counts: none }, ["there was nothing to remove."]],
  [
    {
      started_at: moment,
      ended_at: moment,
      counts: { ...none, jobs: 3, orphans: 7 },
      problem: "objects: The storage does not answer.",
    },
    ["Jobs over age3", "Objects that nothing names7", "objects: The storage does not answer."],
  ],
])("how far a collection is, is told", async (change, texts) => {
  tellSystem({ storage: makeStorage(makeCollection(change)) });
  const { card } = await openCard("Storage");
  await card.findByText(/Open uploads/);
  const region = screen.getByRole("region", { name: "Storage" });
  for (const text of texts) expect(region).toHaveTextContent(text);
});

import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  GetMeData,
  GetMeResponses,
  ListAccountsData,
  ListAccountsResponses,
  ListAliasUsesData,
  ListAliasUsesResponses,
  ListAllJobsData,
  ListAllJobsResponses,
  ReadAccountData,
  ReadAccountResponses,
  ReadJobStatsData,
  ReadJobStatsResponses,
  ReadPerformanceData,
  ReadPerformanceResponses,
  ReadSystemHealthData,
  ReadSystemHealthResponses,
} from "@/api/generated";
import { makeAnyJob, makePerformance, makeStats, makeSystem } from "@/testing/figures";
import { renderApp, renderSignedIn } from "@/testing/render-app";
import { ada, makeAccount } from "@/testing/samples";
import { answer, refuse, stall } from "@/testing/server";

function tellStats(stats = makeStats(1)): void {
  answer<ReadJobStatsData, ReadJobStatsResponses>("get", "/api/admin/jobs/stats", 200, stats);
}

function tellSystem(system = makeSystem(1)): void {
  const path = "/api/admin/health/system";
  answer<ReadSystemHealthData, ReadSystemHealthResponses>("get", path, 200, system);
}

/** Every figure of the dashboard follows from the seed. */
function tellAll(seed: number): void {
  tellStats(makeStats(seed));
  tellSystem(makeSystem(seed));
  answer<ReadPerformanceData, ReadPerformanceResponses>(
    "get",
    "/api/admin/health/performance",
    200,
    makePerformance(seed),
  );
  const set = makeAnyJob({ state: "quarantined", name: `stuck-${seed}.wav` });
  answer<ListAllJobsData, ListAllJobsResponses>("get", "/api/admin/jobs", 200, {
    items: [set],
    next_cursor: null,
    total: seed,
  });
  answer<ListAccountsData, ListAccountsResponses>("get", "/api/admin/accounts", 200, {
    items: Array.from({ length: seed }, (_, number) =>
      makeAccount({ user_id: String(number).repeat(32) }),
    ),
    next_cursor: null,
  });
  const account = makeAccount();
  answer<ReadAccountData, ReadAccountResponses>(
    "get",
    "/api/admin/accounts/{user_id}",
    200,
    account,
  );
  const path = "/api/admin/uploads/aliases";
  answer<ListAliasUsesData, ListAliasUsesResponses>("get", path, 200, {
    items: [
      {
        alias: "/uploads/init",
        client: "curl",
        user_id: account.user_id,
        uses: seed,
        first_used_at: account.created_at,
        last_used_at: account.created_at,
      },
    ],
    next_cursor: null,
    schedule: {
      phase: "active",
      deprecated_at: "2026-01-01T00:00:00Z",
      redirect_at: "2027-01-01T00:00:00Z",
      gone_at: "2028-01-01T00:00:00Z",
      always_301: false,
    },
  });
}

beforeEach(() => {
  tellAll(1);
});

const titles = [
  "The service",
  "Jobs now",
  "Throughput",
  "Queue now",
  "Whether all agree",
  "Workers",
  "Models",
  "How long jobs take",
  "Speed",
  "Failures",
  "Set aside",
  "By model",
  "By owner",
  "Latency over the last hour",
  "Requests over the last hour",
  "Latency and errors",
  "Storage",
  "People",
  "Old names",
];

async function readCards(): Promise<Map<string, string>> {
  await waitFor(() => {
    expect(screen.queryByText(/: loading$/)).not.toBeInTheDocument();
    expect(screen.getAllByRole("region")).toHaveLength(titles.length);
  });
  return new Map(titles.map((name) => [name, screen.getByRole("region", { name }).textContent]));
}

test("no card renders a constant: other answers, other texts", async () => {
  const { user } = renderSignedIn("/admin");
  const first = await readCards();
  tellAll(2);
  await user.click(screen.getByRole("button", { name: "Refresh" }));
  await screen.findByText("1.2");
  await waitFor(() => {
    const now = titles.map((name) => [name, screen.getByRole("region", { name }).textContent]);
    expect(now.filter(([name, text]) => first.get(String(name)) === text)).toEqual([]);
  });
});

test.each<[string, () => void, string[]]>([
  [
    "jobs",
    () => {
      refuse<ReadJobStatsData>("get", "/api/admin/jobs/stats", broken);
    },
    ["Jobs now", "Queue now", "By owner"],
  ],
  [
    "system",
    () => {
      refuse<ReadSystemHealthData>("get", "/api/admin/health/system", broken);
    },
    ["The service", "Workers", "Models", "Storage"],
  ],
  [
    "performance",
    () => {
      refuse<ReadPerformanceData>("get", "/api/admin/health/performance", broken);
    },
    ["Latency and errors", "Requests over the last hour"],
  ],
  [
    "people",
    () => {
      refuse<ListAccountsData>("get", "/api/admin/accounts", broken);
    },
    ["People"],
  ],
  [
    "old names",
    () => {
      refuse<ListAliasUsesData>("get", "/api/admin/uploads/aliases", broken);
    },
    ["Old names"],
  ],
  [
    "set aside",
    () => {
      refuse<ListAllJobsData>("get", "/api/admin/jobs", broken);
    },
    ["Set aside"],
  ],
])("when the route of %s fails its cards say so, and the others stay", async (_, fail, failed) => {
  fail();
  renderSignedIn("/admin");
  const cards = await readCards();
  for (const title of failed) expect(cards.get(title)).toContain("The database did not answer.");
  const blank = [...cards].filter(([, text]) => text.includes("did not answer"));
  expect(blank.length).toBeLessThan(titles.length);
  expect(cards.get(failed.includes("Jobs now") ? "Models" : "Jobs now")).not.toContain("answer.");
});

const broken = { status: 500, code: "internal", detail: "The database did not answer." };

test("a card that failed can be asked for again", async () => {
  refuse<ReadSystemHealthData>("get", "/api/admin/health/system", broken);
  const { user } = renderSignedIn("/admin");
  const models = within(await screen.findByRole("region", { name: "Models" }));
  await models.findByText("The database did not answer.");
  tellSystem();
  await user.click(models.getByRole("button", { name: "Try again" }));
  expect(await models.findByText(/model-1/)).toBeVisible();
});

test("loading is told, card by card", async () => {
  stall<ReadJobStatsData>("get", "/api/admin/jobs/stats");
  renderSignedIn("/admin");
  expect(await screen.findByText("Queue now: loading")).toBeInTheDocument();
  expect(await screen.findByText(/model-1/)).toBeVisible();
});

test("where nothing was measured there is a dash with its reason, never a nought", async () => {
  const { queue } = makeStats(1);
  tellStats(
    makeStats(1, {
      ended: { ...makeStats(1).ended, ended: 0 },
      durations: { ...makeStats(1).durations, jobs: 0 },
      real_time_factors: [],
      models: [],
      owners: [],
      queue: { ...queue, oldest_wait_seconds: null },
      broker: { answers: false, tokens: null, detail: "The broker does not answer." },
    }),
  );
  tellSystem(makeSystem(1, { workers: [], models: [] }));
  renderSignedIn("/admin");
  const cards = await readCards();
  expect(cards.get("Queue now")).toContain("–Nothing waits.");
  expect(cards.get("Queue now")).toContain("–The broker does not answer.");
  expect(cards.get("Speed")).toContain("No job was completed in this time.");
  expect(cards.get("By owner")).toContain("No job ended in this time.");
  expect(cards.get("Failures")).toContain("No job ended in this time.");
  expect(cards.get("Workers")).toContain("No worker was heard of.");
  expect(cards.get("Models")).toContain("No model is staged.");
});

test("what is wrong and what does not agree is told", async () => {
  tellSystem(
    makeSystem(1, { problems: [{ part: "disk", detail: "The disk of the data is low." }] }),
  );
  const detail = "Leases ran out, and the reconciler has not acted.";
  tellStats(
    makeStats(1, {
      disagreements: [{ kind: "lease_expired", detail, count: 2, job_id: null, worker_id: null }],
    }),
  );
  renderSignedIn("/admin");
  const cards = await readCards();
  expect(cards.get("The service")).toContain("1 thing is wrong");
  expect(cards.get("The service")).toContain("Disk: The disk of the data is low.");
  expect(cards.get("Whether all agree")).toContain(`2 leases ran out${detail}`);
});

test("the time is in the address, and what is asked follows it", async () => {
  const asked: number[] = [];
  answer<ReadJobStatsData, ReadJobStatsResponses>(
    "get",
    "/api/admin/jobs/stats",
    200,
    (request) => {
      const from = new URL(request.url).searchParams.get("from") ?? "";
      asked.push(Math.round((Date.now() - Date.parse(from)) / 3_600_000));
      return makeStats(1);
    },
  );
  const { user, router } = renderSignedIn("/admin?window=7d");
  await readCards();
  expect(asked).toEqual([168]);
  await user.click(screen.getByRole("radio", { name: "1 hour" }));
  await waitFor(() => {
    expect(asked).toEqual([168, 1]);
  });
  expect(router.state.location.search).toEqual({ window: "1h" });
});

test("a chart has a table of the same figures", async () => {
  renderSignedIn("/admin");
  await readCards();
  const chart = screen.getByRole("figure", { name: "Jobs that ended, hour by hour" });
  const table = within(chart).getByRole("table", { hidden: true });
  const [, row] = within(table).getAllByRole("row", { hidden: true });
  expect(row?.textContent).toMatch(/532$/);
});

test("others are told that it is not for them", async () => {
  answer<GetMeData, GetMeResponses>("get", "/auth/me", 200, { ...ada, role: "user" });
  renderApp("/admin");
  expect(await screen.findByText("Only administrators see this page")).toBeVisible();
  expect(screen.queryByRole("region")).not.toBeInTheDocument();
});

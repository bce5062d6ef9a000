import type { APIRequestContext, Page } from "@playwright/test";
import {
  card,
  expect,
  expectAccessible,
  readBeginning,
  signIn,
  test,
  watchConsole,
} from "./test.ts";

// A transcription, every page of the administration, and many looks at what a screen reader gets.
test.setTimeout(600_000);

const PASSWORD = "correct horse battery";

interface Job {
  id: string;
  state: string;
}

/** A program's calls in somebody's name. */
async function enter(api: APIRequestContext, name: string, password: string) {
  const login = { name, password, kind: "bearer" };
  const { token } = (await (await api.post("/auth/login", { data: login })).json()) as {
    token: string;
  };
  const headers = { Authorization: `Bearer ${token}` };
  const send = async (name: string, mimeType: string, buffer: Buffer): Promise<Job> => {
    const file = { name, mimeType, buffer };
    const answer = await api.post("/jobs/", { headers, multipart: { file } });
    expect(answer.status(), await answer.text()).toBe(201);
    return (await answer.json()) as Job;
  };
  const read = async <Answer>(path: string): Promise<Answer> => {
    const answer = await api.get(path, { headers });
    expect(answer.status(), await answer.text()).toBe(200);
    return (await answer.json()) as Answer;
  };
  const settle = (job: Job, state: string) =>
    expect
      .poll(async () => (await read<Job>(`/jobs/${job.id}`)).state, { timeout: 240_000 })
      .toBe(state);
  return { headers, send, read, settle };
}

type Entered = Awaited<ReturnType<typeof enter>>;

/** Makes an account that is no administrator's. */
async function addPerson(api: APIRequestContext, { headers }: Entered, name: string) {
  const data = { name, password: PASSWORD, role: "user" };
  expect((await api.post("/api/admin/accounts", { headers, data })).ok()).toBe(true);
  return enter(api, name, PASSWORD);
}

/** Somebody's jobs: one done, one that is no recording and fails, one cancelled. */
async function seed(api: APIRequestContext, password: string): Promise<Entered> {
  const admin = await enter(api, "admin", password);
  const olga = await addPerson(api, admin, "olga");
  const failed = await olga.send("leaflet.mp3", "audio/mpeg", Buffer.from("<!doctype html>"));
  const done = await olga.send("dickens.wav", "audio/wav", readBeginning(4));
  const cancelled = await olga.send("stopped.wav", "audio/wav", readBeginning(9));
  const cancel = `/jobs/${cancelled.id}/cancel`;
  expect((await api.post(cancel, { headers: olga.headers })).ok()).toBe(true);
  await olga.settle(failed, "failed");
  await olga.settle(cancelled, "cancelled");
  await olga.settle(done, "completed");
  return admin;
}

/** Signs somebody in who is no administrator. */
async function signInAs(page: Page, name: string): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function open(page: Page, name: string): Promise<void> {
  const nav = page.getByRole("navigation", { name: "Administration" });
  await nav.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("main").getByRole("heading", { level: 1 })).toBeVisible();
}

/** The figures of the cards are those that the service tells. */
async function readDashboard(page: Page, admin: Entered): Promise<void> {
  const { states, submitted } = await admin.read<{
    states: Record<string, number>;
    submitted: number;
  }>("/api/admin/jobs/stats");
  const now = card(page, "Jobs now");
  for (const [name, state] of [
    ["Done", "completed"],
    ["Failed", "failed"],
    ["Cancelled", "cancelled"],
  ] as const) {
    await expect(now.getByRole("link", { name })).toHaveText(`${name}${states[state]}`);
  }
  await expect(card(page, "Throughput").getByText("Came").locator("..")).toContainText(
    String(submitted),
  );
  const {
    service: told,
    models,
    workers,
  } = await admin.read<{
    service: { version: string };
    models: { name: string }[];
    workers: { host: string; pid: number }[];
  }>("/api/admin/health/system");
  await expect(card(page, "The service")).toContainText(told.version);
  for (const { name } of models) await expect(card(page, "Models")).toContainText(name);
  for (const { pid } of workers) await expect(card(page, "Workers")).toContainText(`(${pid})`);
  await expect(page.getByText(/^Updated /)).toBeVisible();
  await expect(page.getByText("These figures could not be loaded")).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByRole("button", { name: "Go on" })).toBeVisible();
  await page.getByText("As a table").first().click();
  // The radio itself is hidden behind its label, as the kit builds it.
  await page.getByText("7 days", { exact: true }).click();
  await expect(page).toHaveURL(/window=7d/);
  await expectAccessible(page);
}

/** The worker is drained and works again, models are checked again, and a collection runs. */
async function actOnParts(page: Page): Promise<void> {
  // Workers look at what is asked of them with their heartbeats.
  const slowly = { timeout: 120_000 };
  await page.getByRole("button", { name: "Go on" }).click();
  const workers = card(page, "Workers");
  await workers
    .getByRole("button", { name: /^Drain/ })
    .first()
    .click();
  const dialog = page.getByRole("dialog", { name: "Drain this worker?" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Drain" }).click();
  await expect(workers.getByText("Drained")).toBeVisible(slowly);
  await expect(workers.getByText(/^by admin, /)).toBeVisible();
  await expectAccessible(page);
  await workers.getByRole("button", { name: /^Resume/ }).click();
  await expect(workers.getByText("Ready")).toBeVisible(slowly);
  const models = card(page, "Models");
  await models.getByRole("button", { name: "Check again" }).click();
  await expect(models.getByText("All will be read again.")).toBeVisible();
  await expect(models.getByText(/^Checked again by all workers, /)).toBeVisible(slowly);
  const storage = card(page, "Storage");
  await storage.getByRole("button", { name: "Run collection" }).click();
  await expect(storage.getByText("A worker will take it up.")).toBeVisible();
  await expect(storage.getByText(/^Collected /)).toBeVisible(slowly);
  await expectAccessible(page);
}

/** What happened to the failed job, and its end. */
async function lookIntoJobs(page: Page): Promise<void> {
  await card(page, "Jobs now").getByRole("link", { name: "Failed" }).click();
  const list = page.getByRole("list", { name: /^Jobs/ });
  const row = list.getByRole("listitem").filter({ hasText: "leaflet.mp3" });
  await expect(row).toHaveCount(1);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Actions for leaflet.mp3" }).click();
  await page.getByRole("menuitem", { name: "What happened" }).click();
  const story = page.getByRole("dialog", { name: "What happened to leaflet.mp3" });
  await expect(story.getByText("Transcribing → Failed")).toBeVisible();
  await expect(story.getByText("This is all; the job has ended.")).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Actions for leaflet.mp3" }).click();
  await page.getByRole("menuitem", { name: "Delete the job" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete this job?" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Delete the job" }).click();
  await expect(page.getByText("“leaflet.mp3” is deleted.")).toBeVisible();
  await expect(row).toHaveCount(0);
}

/** The deletion is in the log, which is whole and can be taken out. */
async function readAudit(page: Page): Promise<void> {
  await open(page, "Audit log");
  const entries = page.getByRole("list", { name: /^Entries/ });
  await expect(entries.getByText("Transcription deleted")).toBeVisible();
  await page.getByRole("button", { name: "Verify the chain" }).click();
  await expect(page.getByText("The chain is whole")).toBeVisible();
  await expectAccessible(page);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Take out" }).click();
  await page.getByRole("menuitem", { name: /CSV/ }).click();
  expect((await download).suggestedFilename()).toBe("audit.csv");
}

test("an administrator sees how the service is, and acts on jobs", async ({
  page,
  service,
  browser,
  request,
}) => {
  const admin = await test.step("jobs of every fate", () => seed(request, service.password));

  await page.goto("/admin?window=1h");
  await signIn(page, service);
  await test.step("the dashboard tells what the service tells", () => readDashboard(page, admin));

  await test.step("what workers are asked for is done and told", () => actOnParts(page));

  await test.step("everybody's jobs: what happened to one, and its deletion", () =>
    lookIntoJobs(page));

  await test.step("the audit log has it, whole", () => readAudit(page));

  await test.step("old names and people", async () => {
    await open(page, "Old names");
    await expect(page.getByText("Gone from")).toBeVisible();
    await expectAccessible(page);
    await open(page, "People");
    await expect(page.getByText("olga", { exact: true })).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("somebody else is told that it is not for them", async () => {
    const context = await browser.newContext({ baseURL: service.address });
    const other = await context.newPage();
    const reports = watchConsole(other);
    await other.goto("/admin");
    await signInAs(other, "olga");
    await expect(other.getByText("Only administrators see this page")).toBeVisible();
    await expectAccessible(other);
    expect(reports).toEqual([]);
    await context.close();
  });
});

test("preferences follow an account to another browser", async ({
  page,
  service,
  browser,
  request,
}) => {
  // Somebody else's than the administrator's, which later journeys go by.
  await addPerson(request, await enter(request, "admin", service.password), "petra");
  await page.goto("/account");
  await signInAs(page, "petra");
  await expect(page.getByRole("heading", { name: "Preferences" })).toBeVisible();
  const own = page.getByRole("region", { name: "Preferences" });
  await own.getByText("Dark", { exact: true }).click();
  await own.getByRole("switch", { name: /Time every word/ }).click({ force: true });
  await expect(own.getByText("Kept.")).toBeVisible();
  await expectAccessible(page);

  const context = await browser.newContext({ baseURL: service.address });
  const other = await context.newPage();
  const reports = watchConsole(other);
  await other.goto("/transcribe");
  await signInAs(other, "petra");
  await expect(other.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await other.getByRole("button", { name: "More options" }).click();
  await expect(other.getByRole("switch", { name: /Time every word/ })).toBeChecked();
  expect(reports).toEqual([]);
  await context.close();
});

import { unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { APIRequestContext, Page } from "@playwright/test";
import {
  type BreakableService,
  canMount,
  DISK_BYTES,
  startBreakableService,
} from "./breakable-service.ts";
import { card, expect, expectAccessible, signIn, test as journey } from "./test.ts";

/** What operators are promised, of a fault and of its mending. */
const TOLD = { timeout: 15_000 };
/** A worker starts as long as it takes; what is promised begins when it is there. */
const STARTED = { timeout: 120_000 };
const LEFT_BYTES = 64 * 1024;

// All faults befall one service, one after the other.
const test = journey.extend<object, { service: BreakableService }>({
  service: [
    // Playwright reads the fixture's needs from this pattern; an empty one means none.
    // eslint-disable-next-line no-empty-pattern -- see above
    async ({}, use) => {
      const service = await startBreakableService();
      await use(service);
      await service.stop();
    },
    { scope: "worker", timeout: 200_000 },
  ],
});

const expectReady = (request: APIRequestContext) =>
  expect.poll(async () => (await request.get("/readyz")).status(), STARTED).toBe(200);

type Told = [title: string, text: string | RegExp];

const WELL: Told = ["The service", "Every part of the service answers, and nothing is wrong."];

/** Cards of the dashboard say so, all of them before the time is over. */
async function expectTold(page: Page, ...told: Told[]): Promise<void> {
  await Promise.all(
    told.map(([title, text]) => expect(card(page, title)).toContainText(text, TOLD)),
  );
}

test.beforeEach(async ({ page, service, request }) => {
  await expectReady(request);
  await page.goto("/admin");
  await signIn(page, service);
  await expectTold(page, WELL);
});

test("a worker that hangs is missed on the dashboard, and its return is told", async ({
  page,
  service,
}) => {
  const missed: Told = ["The service", /1 thing is wrong.*Workers: No worker is alive\./];
  service.worker.signal("SIGSTOP");
  await expectTold(page, missed, ["Workers", "Silent"]);
  await expectAccessible(page);
  service.worker.signal("SIGCONT");
  await expectTold(page, WELL, ["Workers", "Ready"]);
});

test("a worker that is killed is missed on the dashboard, and the next one is told", async ({
  page,
  service,
  request,
}) => {
  const missed: Told = ["The service", /1 thing is wrong.*Workers: No worker is alive\./];
  await service.worker.kill();
  await expectTold(page, missed, ["Workers", "Silent"]);
  service.worker.start();
  await expectReady(request);
  await expectTold(page, WELL, ["Workers", "Ready"]);
});

test("a broker that stops is told on the dashboard, and its return", async ({ page, service }) => {
  await service.broker.kill();
  await expectTold(page, ["The service", /1 thing is wrong.*Broker: .*answer/]);
  service.broker.start();
  await expectTold(page, WELL);
});

test("a model that is damaged is told on the dashboard, and its mending", async ({
  page,
  service,
}) => {
  const damaged = /3 things are wrong.*Workers: No live worker takes work\..*Models: /;
  service.damageModel();
  await expectTold(
    page,
    ["The service", damaged],
    ["Models", "Damaged"],
    ["Workers", "Takes nothing"],
  );
  await expectAccessible(page);
  service.mendModel();
  await expectTold(page, WELL, ["Models", "Sound"], ["Workers", "Ready"]);
});

test("a disk that is full is told on the dashboard, and its new space", async ({
  page,
  service,
}) => {
  test.skip(!canMount, "only root can mount a small disk");
  const other = join(service.storageDir, "other");
  const full =
    /2 things are wrong.*Storage: There is no room left\..*Disk: The disk of storage has/;
  writeFileSync(other, Buffer.alloc(DISK_BYTES - LEFT_BYTES));
  await expectTold(page, ["The service", full], ["Storage", "nothing new is accepted"]);
  await expectAccessible(page);
  unlinkSync(other);
  await expectTold(page, WELL);
  await expect(card(page, "Storage")).not.toContainText("nothing new is accepted");
});

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { type Service, startService } from "./service.ts";
import { expect, expectAccessible, RECORDING, signIn, test as base } from "./test.ts";

const ROOT = join(import.meta.dirname, "../..");

// What needs a look is put into the database, so that it is the same on every machine.
const test = base.extend<object, { service: Service }>({
  service: [
    // eslint-disable-next-line no-empty-pattern -- the runner reads the fixture's needs from it
    async ({}, use) => {
      const service = await startService({ hasWorkers: false });
      await use(service);
      await service.stop();
    },
    { scope: "worker", timeout: 200_000 },
  ],
});

// One service, and a look at every dialog.
test.setTimeout(300_000);

/** Gives the administrator a transcript; its job's id. */
async function addTranscript(page: Page, { dataDir }: Service): Promise<string> {
  const { user_id: owner } = (await (await page.request.get("/auth/me")).json()) as {
    user_id: string;
  };
  return execFileSync(
    join(ROOT, ".venv/bin/python"),
    [join(ROOT, "tests/doubtful_transcript.py"), dataDir, owner, RECORDING],
    { encoding: "utf8", env: { ...process.env, PYTHONPATH: join(ROOT, "tests") } },
  ).trim();
}

const rows = (page: Page) => page.getByRole("list", { name: "Transcript" }).getByRole("listitem");

async function openText(page: Page, row: number): Promise<Locator> {
  await rows(page).nth(row).locator("p[lang]").dblclick();
  const field = page.getByRole("textbox", { name: /^Text of the passage/ });
  await expect(field).toBeFocused();
  return field;
}

async function choose(page: Page, row: number, item: string): Promise<void> {
  await rows(page)
    .nth(row)
    .getByRole("button", { name: /^Actions for the passage/ })
    .click();
  await page.getByRole("menuitem", { name: item }).click();
}

const expectSaved = (page: Page) => expect(page.getByText("Saved", { exact: true })).toBeVisible();

/** Signs in and opens a new transcript. */
async function openTranscript(page: Page, service: Service): Promise<void> {
  await page.goto("/library");
  await signIn(page, service);
  await expect(page.getByRole("heading", { name: "Library" })).toBeVisible();
  await page.goto(`/transcript/${await addTranscript(page, service)}`);
  await expect(rows(page).first()).toBeVisible();
  await expectAccessible(page);
}

test("a transcript is corrected, its speakers are named", async ({ page, service }) => {
  await openTranscript(page, service);
  const count = await rows(page).count();

  await test.step("a correction is saved by itself and outlives the page", async () => {
    const field = await openText(page, 0);
    await expectAccessible(page);
    await page.keyboard.press("End");
    await field.pressSequentially(" So it was.");
    await expectSaved(page);
    await page.keyboard.press("Escape");
    await expect(field).toBeHidden();
    await page.reload();
    await expect(rows(page).first()).toContainText("So it was.");
  });

  await test.step("a passage is cut, joined again, and both are undone", async () => {
    const field = await openText(page, 0);
    await field.evaluate((text: HTMLTextAreaElement) => {
      text.selectionEnd = text.selectionStart = text.value.indexOf("So it was.");
    });
    await page.keyboard.press("Control+Shift+Enter");
    await expect(rows(page)).toHaveCount(count + 1);
    await expect(page.getByRole("textbox", { name: /^Text of/ })).toHaveValue("So it was.");
    await expectSaved(page);
    await page.keyboard.press("Backspace");
    await expect(rows(page)).toHaveCount(count);
    await expectSaved(page);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(rows(page)).toHaveCount(count + 1);
    await page.keyboard.press("Control+z");
    await expect(rows(page)).toHaveCount(count);
    await expectSaved(page);
  });

  await test.step("a speaker is named", async () => {
    await choose(page, 0, "Who speaks");
    const dialog = page.getByRole("dialog", { name: "Who speaks?" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Charles");
    await expectAccessible(page);
    await dialog.getByRole("radio", { name: "every passage without a name" }).check();
    await dialog.getByRole("button", { name: "Set" }).click();
    await expect(page.getByRole("button", { name: "Speaker: Charles. Change it" })).toBeVisible();
    await expectSaved(page);
    await expectAccessible(page);
  });

  await test.step("times and missing words have their dialogs", async () => {
    await choose(page, 0, "Change the times");
    await page.getByRole("textbox", { name: "Start" }).fill("never");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Cancel" }).click();
    await choose(page, 0, "Insert a passage after it");
    await page.getByRole("textbox", { name: "Text" }).fill("It was not heard.");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Insert" }).click();
    await expect(rows(page)).toHaveCount(count + 1);
    await expectSaved(page);
  });
});

test("what is doubtful is reviewed, and two tabs are told apart", async ({
  page,
  service,
  context,
}) => {
  await openTranscript(page, service);

  await test.step("the review queue leads through what is doubtful", async () => {
    await page.keyboard.press("n");
    const panel = page.getByRole("complementary", { name: "Review" });
    await expect(panel.getByText("1 of 3")).toBeVisible();
    await expectAccessibleAtTop(page);
    await expectAbovePlayer(page, panel);
    await page.keyboard.press("a");
    await expect(panel.getByText("2 of 3")).toBeVisible();
    await expect(panel.getByText("1 of 3 reviewed")).toBeVisible();
    await panel.getByRole("button", { name: "Correct" }).click();
    const field = page.getByRole("textbox", { name: /^Text of the passage/ });
    await field.fill("it was the age of foolishness,");
    await page.keyboard.press("Enter");
    await panel.getByRole("button", { name: "Next passage" }).click();
    await panel.getByRole("button", { name: "Insert this text" }).click();
    await expect(panel.getByText("Everything is reviewed")).toBeVisible();
    await expectSaved(page);
    await expectAccessibleAtTop(page);
    await page.reload();
    await expect(rows(page).filter({ hasText: "it was it was" })).toBeVisible();
    await page.getByRole("button", { name: "Review", exact: true }).click();
    await expect(panel.getByText("Everything is reviewed")).toBeVisible();
    await page.getByRole("button", { name: "Review", exact: true }).click();
  });

  await test.step("two tabs that change the same passage let somebody choose", async () => {
    const other = await context.newPage();
    await other.goto(page.url());
    await expect(rows(other).first()).toContainText("best of times");
    // Its changes wait, as they do without a connection.
    await other.route("**/transcripts/*", (route) =>
      route.request().method() === "PATCH" ? route.abort() : route.continue(),
    );
    await (await openText(other, 0)).fill("Text of the other tab.");
    await expect(other.getByText(/No connection/)).toBeVisible();
    await (await openText(page, 0)).fill("Text of this tab.");
    await page.keyboard.press("Enter");
    await expectSaved(page);
    await other.unroute("**/transcripts/*");
    const dialog = other.getByRole("dialog", { name: "Two versions of one passage" });
    await expect(dialog.getByText("Text of this tab.")).toBeVisible();
    await expectAccessible(other);
    await dialog.getByRole("button", { name: "Keep mine" }).click();
    await expect(dialog).toBeHidden();
    await expectSaved(other);
    // The first tab hears of it and follows.
    await expect(rows(page).first()).toContainText("Text of the other tab.");
    await other.close();
  });
});

/** What is half under the bar of a scrolled page counts as too small to press. */
async function expectAccessibleAtTop(page: Page): Promise<void> {
  await page.evaluate(() => {
    window.scrollTo(0, 0);
  });
  await expectAccessible(page);
}

/** A panel that the player covers could be neither read nor pressed. */
async function expectAbovePlayer(page: Page, panel: Locator): Promise<void> {
  const usual = page.viewportSize();
  for (const size of [
    { width: 1280, height: 800 },
    { width: 1024, height: 640 },
  ]) {
    await page.setViewportSize(size);
    const player = page.getByRole("region", { name: "Player" });
    await expect
      .poll(async () => {
        const [above, below] = [await panel.boundingBox(), await player.boundingBox()];
        return (below?.y ?? 0) - (above?.y ?? 0) - (above?.height ?? 0);
      })
      .toBeGreaterThan(0);
  }
  if (usual) await page.setViewportSize(usual);
}

import { readFileSync } from "node:fs";
import type { BrowserContext, Page } from "@playwright/test";
import { writeLongRecording } from "./long-recording.ts";
import { expect, expectAccessible, signIn, test as base, watchConsole } from "./test.ts";

const SIZE_BYTES = 20_000_000;
const CHUNK = /\/uploads\/[0-9a-f]{32}\/chunks\/(\d+)$/;
/** What the browser says of a line that the test has cut. */
const CUT = /ERR_(INTERNET_DISCONNECTED|CONNECTION_RESET|FAILED|ABORTED)/;

interface Visit {
  context: BrowserContext;
  page: Page;
  /** Numbers of the chunks that were sent, in their order. */
  sent: number[];
  /** While it is set, no chunk but the first gets through. */
  line: { isCut: boolean };
  /** What the console may say as well. */
  pardoned: RegExp[];
}

/** The page on which recordings are sent, in a browser of its own, whose line can be cut. */
const test = base.extend<{ visit: Visit }>({
  visit: async ({ browser, service }, use) => {
    const context = await browser.newContext({ baseURL: service.address });
    const page = await context.newPage();
    const [reports, line, sent] = [watchConsole(page), { isCut: true }, [] as number[]];
    await page.route(CHUNK, async (route) => {
      const number = Number(CHUNK.exec(route.request().url())?.[1]);
      if (line.isCut && number > 0) {
        await route.abort("connectionreset");
        return;
      }
      sent.push(number);
      await route.continue();
    });
    await page.goto("/transcribe");
    await signIn(page, service);
    await expect(page.getByRole("combobox", { name: "Model" })).toHaveValue("base");
    const pardoned = [CUT];
    await use({ context, page, sent, line, pardoned });
    const isFault = (report: string) => !pardoned.some((each) => each.test(report));
    expect(reports.filter(isFault)).toEqual([]);
    await context.close();
  },
});

/** Begins to send what was chosen, up to where the line is cut: the first chunk has arrived. */
async function begin(page: Page): Promise<void> {
  const arrived = page.waitForResponse((answer) => CHUNK.test(answer.url()) && answer.ok());
  await page.getByRole("button", { name: "Transcribe 1 file" }).click();
  await expect(page.getByText(/The connection is interrupted/)).toBeVisible();
  await arrived;
}

async function choose(page: Page, path: string): Promise<void> {
  await page.getByTestId("files").setInputFiles(path);
}

test("an upload in chunks goes on after the line was cut, and is transcribed", async ({
  visit,
}) => {
  const { context, page, sent, line } = visit;

  await test.step("the line breaks after the first chunk", async () => {
    await choose(page, writeLongRecording("board.wav", SIZE_BYTES));
    await begin(page);
    await expectAccessible(page);
    await page.getByRole("link", { name: "Library", exact: true }).click();
    await expect(page.getByRole("link", { name: /^Sending 1 file, 4\d% done/ })).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("it goes on by itself once the network is back, on whichever page", async () => {
    await context.setOffline(true);
    line.isCut = false;
    await context.setOffline(false);
    const row = page.getByRole("listitem").filter({ hasText: "board.wav" });
    await expect(row.getByText("Done", { exact: true })).toBeVisible({ timeout: 60_000 });
    expect(sent.sort()).toEqual([0, 1, 2]);
    await row.getByRole("link", { name: "board.wav" }).click();
    await expect(page.getByRole("list", { name: "Transcript" })).toContainText(/best of times/i);
  });
});

test("an upload outlives the page: the same file goes on, another one is refused", async ({
  visit,
}) => {
  const { page, sent, line } = visit;
  // Of the other file.
  visit.pardoned.push(/status of 409/);
  const path = writeLongRecording("council.wav", SIZE_BYTES);
  await choose(page, path);
  await begin(page);

  await test.step("after a reload it waits for its file", async () => {
    await page.reload();
    const unfinished = page.getByRole("region", { name: "Unfinished uploads" });
    const row = unfinished.getByRole("listitem").filter({ hasText: "council.wav" });
    await expect(row.getByText(/8\.4 MB of 20 MB received · kept until/)).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("another file is told from it", async () => {
    const offer = (buffer: Buffer) =>
      page
        .getByTestId("file-of-council.wav")
        .setInputFiles({ name: "council.wav", mimeType: "audio/wav", buffer });
    await offer(Buffer.from("short"));
    await expect(page.getByText(/This is another file: it has 5 bytes/)).toBeVisible();
    line.isCut = false;
    await offer(readFileSync(path).fill(0, 1_000, 2_000));
    await expect(page.getByText(/or it was changed since it was begun/)).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("the same file is dropped, and only the rest is sent", async () => {
    sent.length = 0;
    await choose(page, path);
    const read = page.getByRole("link", { name: "Read council.wav" });
    await expect(read).toBeVisible({ timeout: 60_000 });
    // After another file had been chosen, the first chunk proves that this is the right one.
    expect(sent.sort()).toEqual([0, 1, 2]);
  });

  await test.step("sent once more, the earlier transcript is offered", async () => {
    await page.getByRole("button", { name: "Clear finished" }).click();
    await choose(page, path);
    await page.getByRole("button", { name: "Transcribe 1 file" }).click();
    await expect(page.getByText(/You have a transcript of this recording already/)).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Drop this one" }).click();
    await expect(page.getByText(/You have a transcript/)).toHaveCount(0);
  });
});

test("where the browser gives handles, an upload goes on after a reload by itself", async ({
  visit,
}) => {
  const { context, page, line } = visit;
  const bytes = readFileSync(writeLongRecording("minutes.wav", SIZE_BYTES)).toString("base64");
  // No test can click in the browser's own dialog; this gives a real handle in its place.
  await page.evaluate(async (content) => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle("minutes.wav", { create: true });
    const writing = await handle.createWritable();
    await writing.write(Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)));
    await writing.close();
    Object.assign(window, { showOpenFilePicker: () => Promise.resolve([handle]) });
  }, bytes);
  await page.getByRole("button", { name: "Choose files" }).click();
  await begin(page);

  await test.step("another tab leaves it alone", async () => {
    const other = await context.newPage();
    await other.goto("/transcribe");
    await expect(other.getByText("Another tab of this browser is sending it.")).toBeVisible();
    await expectAccessible(other);
    await other.close();
  });

  await test.step("paused and resumed, then reloaded, it arrives", async () => {
    await page.getByRole("button", { name: "Pause minutes.wav" }).click();
    await expect(page.getByText("Paused at 8.4 MB of 20 MB")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Resume minutes.wav" }).click();
    await expect(page.getByText(/The connection is interrupted/)).toBeVisible();
    await page.goto("/library");
    line.isCut = false;
    await expect(page.getByRole("listitem").filter({ hasText: "minutes.wav" })).toBeVisible({
      timeout: 60_000,
    });
  });
});

import { readFileSync } from "node:fs";
import type { APIRequestContext, Page } from "@playwright/test";
import { addAccount, type Credentials } from "./direct.ts";
import { expect, expectAccessible, readBeginning, signIn, test } from "./test.ts";
import type { Service } from "./service.ts";

/** Sends recordings as a program does, while the page is open. */
async function sendRecordings(
  request: APIRequestContext,
  service: Service,
  reader: Credentials,
  names: readonly string[],
): Promise<void> {
  const login = await request.post(`${service.address}/auth/login`, {
    data: { ...reader, kind: "bearer" },
  });
  const { token } = (await login.json()) as { token: string };
  for (const [place, name] of names.entries()) {
    const buffer = readBeginning(3 + place);
    const answer = await request.post(`${service.address}/jobs/`, {
      headers: { Authorization: `Bearer ${token}` },
      multipart: { file: { name, mimeType: "audio/wav", buffer }, language: "en" },
    });
    expect(answer.status()).toBe(201);
  }
}

/** Exports the first two and looks into the file. */
async function exportTwo(page: Page): Promise<void> {
  await page.getByRole("checkbox", { name: "Choose first day.wav" }).check();
  await page.getByRole("checkbox", { name: "Choose second day.wav" }).check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Export (2)" }).click();
  await expectAccessible(page);
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save" }).click();
  const file = await saving;
  expect(file.suggestedFilename()).toBe("transcripts.zip");
  const content = readFileSync(await file.path()).toString("latin1");
  expect(content).toMatch(/^PK/);
  expect(content).toContain("first day.txt");
  expect(content).toContain("second day.txt");
}

test("the library shows, finds, sorts, tags, exports and deletes", async ({
  page,
  playwright,
  service,
}) => {
  const names = ["first day.wav", "second day.wav", "third night.wav"];
  const rows = page.getByRole("list", { name: "Transcriptions" }).locator(":scope > li");
  // This browser asks where to save, which nobody can answer here; others download.
  await page.addInitScript(() => Reflect.deleteProperty(window, "showSaveFilePicker"));
  let asked = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/jobs/") asked += 1;
  });

  await test.step("what programs send appears and is done without a reload", async () => {
    await page.goto("/library");
    const reader = await addAccount(service, "livia");
    await signIn(page, reader);
    await expect(page.getByText("Nothing transcribed yet")).toBeVisible();
    await expectAccessible(page);
    const request = await playwright.request.newContext();
    await sendRecordings(request, service, reader, names);
    await request.dispose();
    await expect(rows).toHaveCount(3);
    await expect(page.getByText("Done", { exact: true })).toHaveCount(4, { timeout: 90_000 });
    // The page was told: an answer for each change of the list, and none in between.
    expect(asked).toBeLessThan(12);
    await expectAccessible(page);
  });

  await test.step("a word is found, and leads to where it was said", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type("time*");
    await expect(page.getByText("3 passages")).toBeVisible();
    await expect(page.locator("mark").first()).toHaveText(/^times?$/i);
    await expectAccessible(page);
    await page.getByRole("button", { name: "How to search" }).click();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("searchbox").press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/transcript\/[0-9a-f]{32}\?at=\d/);
    await page.goBack();
    await expect(page.getByText("3 passages")).toBeVisible();
    await page.getByRole("searchbox").press("Escape");
    await expect(rows).toHaveCount(3);
  });

  await test.step("a tag is given, and leads to all that have it", async () => {
    await page.getByRole("button", { name: "Edit the tags of first day.wav" }).click();
    await page.getByRole("combobox", { name: "Tags" }).fill("Dickens");
    await page.keyboard.press("Enter");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("link", { name: "Dickens" }).click();
    await expect(rows).toHaveCount(1);
    await expect(page).toHaveURL(/tag=Dickens/);
    await page.getByRole("button", { name: "Filters, 1 set" }).click();
    await page.getByRole("textbox", { name: "Name contains" }).fill("night");
    await expect(page.getByText("Nothing fits these filters")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Clear filters" }).last().click();
    await page.getByRole("combobox", { name: "Order" }).click();
    await page.getByRole("option", { name: "Name, A to Z" }).click();
    await expect(rows.first()).toContainText("first day.wav");
    await page.reload();
    await expect(rows.first()).toContainText("first day.wav");
  });

  await test.step("two are exported in one file", () => exportTwo(page));

  await test.step("they are tagged together, and all are deleted", async () => {
    await page.getByRole("button", { name: "Tags (2)" }).click();
    await page.getByRole("combobox", { name: "Add" }).fill("read");
    await page.keyboard.press("Enter");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("2 tagged.")).toBeVisible();
    await expect(page.getByRole("link", { name: "read", exact: true })).toHaveCount(2);
    await page.getByRole("checkbox", { name: "Choose all that are shown" }).check();
    await page.getByRole("button", { name: "Delete (3)" }).click();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Delete for good" }).click();
    await expect(page.getByText("3 deleted.")).toBeVisible();
    await expect(page.getByText("Nothing transcribed yet")).toBeVisible();
    await expectAccessible(page);
  });
});

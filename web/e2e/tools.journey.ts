import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import type { Service } from "./service.ts";
import { expect, expectAccessible, readBeginning, signIn, test } from "./test.ts";

test.setTimeout(240_000);

const text = (page: Page): Locator => page.getByRole("list", { name: "Transcript" });

async function transcribe(page: Page, service: Service): Promise<void> {
  await page.goto("/transcribe");
  await signIn(page, service);
  const buffer = readBeginning(12);
  await page
    .getByTestId("files")
    .setInputFiles({ name: "dickens.wav", mimeType: "audio/wav", buffer });
  await page.getByRole("button", { name: "Transcribe 1 file" }).click();
  await page.getByRole("link", { name: "Read dickens.wav" }).click({ timeout: 120_000 });
  await expect(text(page)).toContainText(/best of times/i);
}

async function replaceEverywhere(page: Page): Promise<void> {
  await page.keyboard.press("Control+f");
  const field = page.getByRole("searchbox", { name: "Find in this transcript" });
  await expect(field).toBeFocused();
  await field.fill("times");
  await expect(page.getByText(/^\d+ places$/)).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^1 of \d+$/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Replace with" }).fill("days");
  await page.getByRole("button", { name: "Show what would change" }).click();
  await expect(page.getByRole("list", { name: "Passages before and after" })).toContainText(
    /best of days/i,
  );
  await expectAccessible(page);
  await expect(text(page)).toContainText(/best of times/i);
  await page.getByRole("button", { name: /^Replace \d+ places$/ }).click();
  await expect(text(page)).toContainText(/best of days/i);
  await expect(text(page)).not.toContainText("times");
  await expect(page.getByText(/places were replaced/)).toBeVisible();
}

async function compareRevisions(page: Page): Promise<void> {
  await page.getByRole("button", { name: "History" }).click();
  const history = page.getByRole("list", { name: "Revisions, newest first" });
  await expect(history.getByRole("listitem").first()).toContainText(/Revision 1.*places replaced/);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Changes: Revision 1" }).click();
  const dialog = page.getByRole("dialog", { name: "Compare revisions" });
  await expect(dialog.locator("del").first()).toContainText("times");
  await expect(dialog.locator("ins").first()).toContainText("days");
  await expectAccessible(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
}

async function restoreMachine(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Read: Revision 0" }).click();
  await expect(page).toHaveURL(/revision=0$/);
  await expect(page.getByText("You are reading the machine’s version")).toBeVisible();
  await expect(text(page)).toContainText(/best of times/i);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Restore", exact: true }).first().click();
  const question = page.getByRole("dialog", { name: "Restore the machine’s version?" });
  await expectAccessible(page);
  await question.getByRole("button", { name: "Restore" }).click();
  await expect(page).not.toHaveURL(/revision/);
  await expect(text(page)).toContainText(/best of times/i);
  await expect(page.getByText("Machine’s version restored")).toBeVisible();
}

async function exportSubtitles(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Export" }).click();
  const dialog = page.getByRole("dialog", { name: "Export the transcript" });
  await expect(dialog.getByLabel("Beginning of the file")).toContainText(/best of times/i);
  await expectAccessible(page);
  await dialog.getByRole("combobox", { name: "Format" }).click();
  await page.getByRole("option", { name: /SubRip/ }).click();
  await dialog.getByRole("textbox", { name: "Characters per line" }).fill("20");
  await expect(dialog.getByText(/^1 of the first \d+/)).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Next subtitle" }).click();
  await expect(dialog.getByText(/^2 of the first \d+/)).toBeVisible();
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download .srt" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("dickens.srt");
  const lines = readFileSync(await file.path(), "utf8").split("\n");
  expect(lines.slice(0, 2)).toEqual(["1", expect.stringMatching(/^00:00:.* --> 00:00:/)]);
  const spoken = lines.filter((line) => /[a-z]/.test(line));
  expect(spoken.join(" ")).toMatch(/best of times/i);
  expect(Math.max(...spoken.map((line) => line.length))).toBeLessThanOrEqual(20);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
}

async function tagIt(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Add a tag" }).click();
  await page.getByRole("combobox", { name: "Tag" }).fill("Dickens");
  await expectAccessible(page);
  await page.keyboard.press("Enter");
  const tags = page.getByRole("list", { name: "Tags" });
  await expect(tags).toContainText("Dickens");
  await page.reload();
  await expect(tags).toContainText("Dickens");
  await expectAccessible(page);
}

async function deleteText(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Actions for dickens.wav" }).click();
  await page.getByRole("menuitem", { name: "Delete only the transcript" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Delete the transcript" }).click();
  await expect(page.getByText("The transcript was deleted")).toBeVisible();
  await expectAccessible(page);
}

test("a transcript is searched, corrected throughout, restored, exported and tagged", async ({
  page,
  service,
}) => {
  await test.step("it is transcribed", () => transcribe(page, service));
  await test.step("a word is found and replaced everywhere", () => replaceEverywhere(page));
  await test.step("the history shows the replacement word by word", () => compareRevisions(page));
  await test.step("the machine's version is read, and comes back", () => restoreMachine(page));
  await test.step("subtitles are exported with narrow lines", () => exportSubtitles(page));
  await test.step("it is tagged, and the tag stays", () => tagIt(page));
  await test.step("the text is deleted, and the job stays", () => deleteText(page));
});

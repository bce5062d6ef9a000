import { readFile } from "node:fs/promises";
import { addAccount } from "./direct.ts";
import { expect, expectAccessible, RECORDING, signIn, test } from "./test.ts";

test("a recording in, a transcript out", async ({ page, service, browserName }) => {
  test.skip(browserName !== "chromium", "Debian ships Chromium only.");

  await test.step("a visitor is asked to sign in", async () => {
    await page.goto("/library");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await expectAccessible(page);
    await signIn(page, await addAccount(service, "tess"));
    await expect(page.getByText("Nothing transcribed yet")).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("the recording is dropped and sent", async () => {
    await page.getByRole("link", { name: "Transcribe", exact: true }).click();
    await expect(page.getByRole("combobox", { name: "Model" })).toHaveValue("base");
    await expectAccessible(page);
    const bytes = (await readFile(RECORDING)).toString("base64");
    const transfer = await page.evaluateHandle((content) => {
      const data = new DataTransfer();
      const body = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      data.items.add(new File([body], "two_cities.wav", { type: "audio/wav" }));
      return data;
    }, bytes);
    await page.dispatchEvent("main", "drop", { dataTransfer: transfer });
    await expect(page.getByText(/^Ready, /)).toBeVisible();
    await page.getByRole("button", { name: "Transcribe 1 file" }).click();
  });

  await test.step("its progress is watched in the library", async () => {
    await expect(page.getByText(/Waiting|Transcribing|Done/).first()).toBeVisible();
    await page.getByRole("link", { name: "Library" }).click();
    const row = page.getByRole("listitem").filter({ hasText: "two_cities.wav" });
    await expect(row.getByText("Done", { exact: true })).toBeVisible({ timeout: 120_000 });
    await expectAccessible(page);
    await row.getByRole("link", { name: "two_cities.wav" }).click();
  });

  await test.step("the transcript is read", async () => {
    const text = page.getByRole("list", { name: "Transcript" });
    await expect(text).toContainText("it was the worst of times", { ignoreCase: true });
    await expect(page.getByText(/English \(detected/)).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("it is exported", async () => {
    await page.getByRole("button", { name: "Export" }).click();
    const dialog = page.getByRole("dialog", { name: "Export the transcript" });
    await dialog.getByRole("combobox", { name: "Format" }).click();
    await page.getByRole("option", { name: /SubRip/ }).click();
    const download = page.waitForEvent("download", { timeout: 30_000 });
    await dialog.getByRole("button", { name: "Download .srt" }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe("two_cities.srt");
    const subtitles = await readFile(await file.path(), "utf8");
    expect(subtitles).toMatch(/^1\n00:00:0\d,\d{3} --> 00:00:\d\d,\d{3}\n/);
    expect(subtitles.toLowerCase()).toContain("best of times");
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
  });

  await test.step("it reads as well in the dark and in German", async () => {
    await page.getByRole("button", { name: "Account of tess" }).click();
    await page.getByText("Dark", { exact: true }).click();
    await page.getByText("Deutsch", { exact: true }).click();
    await expect(page.getByRole("button", { name: "Exportieren" })).toBeVisible();
    await expectAccessible(page);
    await page.getByText("English", { exact: true }).click();
    await page.keyboard.press("Escape");
  });

  await test.step("the session ends", async () => {
    await page.getByRole("button", { name: "Account of tess" }).click();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.goto("/library");
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  });
});

test("what is no recording fails with its reason, and can be deleted", async ({
  page,
  service,
}) => {
  await page.goto("/transcribe");
  await signIn(page, service);
  await page.getByTestId("files").setInputFiles({
    name: "page.mp3",
    mimeType: "audio/mpeg",
    buffer: Buffer.from("<!doctype html><title>No sound</title>"),
  });
  await page.getByRole("button", { name: "Transcribe 1 file" }).click();
  await page.getByRole("link", { name: "Library" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "page.mp3" });
  await expect(row.getByText("Failed")).toBeVisible({ timeout: 60_000 });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Actions for page.mp3" }).click();
  await page.getByRole("menuitem", { name: "Delete", exact: true }).click();
  await page.getByRole("button", { name: "Delete for good" }).click();
  await expect(row).toHaveCount(0);
});

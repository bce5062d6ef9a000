import type { Page } from "@playwright/test";
import { expect, expectAccessible, readBeginning, signIn, test } from "./test.ts";

/** Where the recording is played. */
function readTime(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelector("video")?.currentTime ?? -1);
}

/** Sends the recording's first seconds and opens their transcript. */
async function transcribeBeginning(page: Page): Promise<void> {
  await page.getByTestId("files").setInputFiles({
    name: "beginning.wav",
    mimeType: "audio/wav",
    buffer: readBeginning(12),
  });
  await page.getByRole("button", { name: "More options" }).click();
  await page.getByRole("switch", { name: "Time every word" }).check();
  await page.getByRole("button", { name: "Transcribe 1 file" }).click();
  const open = page.getByRole("link", { name: "Read beginning.wav" });
  await expect(open).toBeVisible({ timeout: 120_000 });
  await open.click();
}

test("a transcript is heard, word by word", async ({ page, service }) => {
  await test.step("a recording is transcribed with timed words", async () => {
    await page.goto("/transcribe");
    await signIn(page, service);
    await transcribeBeginning(page);
  });

  const text = page.getByRole("list", { name: "Transcript" });
  const current = text.locator("[data-word][data-current]");
  const word = (said: string) => text.locator("[data-word]", { hasText: said }).first();

  await test.step("a click on a word plays it", async () => {
    await expect(word("worst")).toBeVisible();
    await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
    await expectAccessible(page);
    await word("worst").click();
    await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
    await expect(current).toHaveText(/worst/);
    const begun = await readTime(page);
    expect(begun).toBeGreaterThan(1);
    // It plays: the mark goes on by itself.
    await expect(current).not.toHaveText(/worst/);
    expect(await readTime(page)).toBeGreaterThan(begun);
  });

  await test.step("keys pause, skip and change the speed", async () => {
    await page.keyboard.press("k");
    await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
    const paused = await readTime(page);
    await page.keyboard.press("j");
    await expect.poll(() => readTime(page)).toBeCloseTo(paused - 3, 1);
    await page.keyboard.press(">");
    await expect(page.getByRole("combobox", { name: "Speed" })).toHaveValue("1.25");
    await page.keyboard.press("<");
  });

  await test.step("the waveform is drawn, and a press on it goes there", async () => {
    const slider = page.getByRole("slider", { name: "Position in the recording" });
    await expect(slider.locator("canvas").first()).toBeVisible();
    const box = await slider.boundingBox();
    await slider.click({ position: { x: (box?.width ?? 0) / 2, y: 10 } });
    await expect(slider).toHaveAttribute("aria-valuetext", /^0:0[56] of 0:12$/);
    await slider.press("Home");
    expect(await readTime(page)).toBe(0);
  });

  await test.step("the text is gone through with the arrows", async () => {
    await text
      .getByRole("button", { name: /^Play from/ })
      .first()
      .focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
    await page.keyboard.press("k");
  });

  await test.step("a question mark lists all keys, and a pedal's are learnt", async () => {
    await page.keyboard.press("?");
    const dialog = page.getByRole("dialog", { name: "Keyboard" });
    await expect(dialog.getByText("Play or pause").first()).toBeVisible();
    await dialog.getByRole("button", { name: "Choose a key for “Play or pause”" }).click();
    await page.keyboard.press("F8");
    await expect(dialog.getByText("F8").first()).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(dialog).toBeHidden();
    await page.keyboard.press("F8");
    await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
    await page.keyboard.press("F8");
  });

  await test.step("an address opens a moment of it", async () => {
    await page.goto(`${new URL(page.url()).pathname}?at=4`);
    await expect(text.locator("[data-index][data-flash]")).toBeVisible();
    await expect.poll(() => readTime(page)).toBe(4);
  });

  await test.step("it fits a phone, and the dark", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: "dark" });
    await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
    await expectAccessible(page);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBe(0);
  });
});

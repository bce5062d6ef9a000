import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, RECORDING, signIn, test } from "./test.ts";

/**
 * Writes the pictures that the README shows: the real service, a real recording, nothing posed.
 * Run `npm run screenshots` after a change of looks and commit the result.
 */
const FOLDER = join(import.meta.dirname, "../../docs/screenshots");
const MAX_BYTES = 200_000;

async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${name}.png`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, animations: "disabled" });
  // 256 colours are plenty for an interface, and a third of the size.
  execFileSync("pngquant", ["--force", "--ext", ".png", "--strip", "--speed", "1", path]);
  expect(statSync(path).size).toBeLessThan(MAX_BYTES);
}

async function chooseTheme(page: Page, theme: "Light" | "Dark"): Promise<void> {
  await page.getByRole("button", { name: "Account of admin" }).click();
  // The radio itself is hidden behind its label, as the kit builds it.
  await page.getByText(theme, { exact: true }).click();
  await page.keyboard.press("Escape");
}

test("every screen, light and dark, wide and on a phone", async ({ page, service }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto("/transcribe");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await shoot(page, "sign-in-light");
  await signIn(page, service);

  await expect(page.getByRole("combobox", { name: "Model" })).toBeVisible();
  await page.getByTestId("files").setInputFiles([RECORDING]);
  await page.getByRole("button", { name: "Transcribe 1 file" }).click();
  await expect(page.getByText(/% done/)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("link", { name: "Read two_cities.wav" })).toBeVisible({
    timeout: 120_000,
  });
  await page.getByTestId("files").setInputFiles([
    { name: "Notes.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("<!doctype html>") },
    { name: "two_cities (again).wav", mimeType: "audio/wav", buffer: readFileSync(RECORDING) },
  ]);
  await page.getByRole("button", { name: "Transcribe 2 files" }).click();
  await expect(page.getByText(/Transcribing/)).toBeVisible({ timeout: 60_000 });
  await page.getByRole("link", { name: "Library" }).click();
  await expect(page.getByText("Failed")).toBeVisible();

  for (const theme of ["Light", "Dark"] as const) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await chooseTheme(page, theme);
    const suffix = theme.toLowerCase();
    await page.getByRole("link", { name: "Library", exact: true }).click();
    await shoot(page, `library-${suffix}`);
    await page.getByRole("link", { name: "Transcribe", exact: true }).click();
    await expect(page.getByRole("combobox", { name: "Model" })).toBeVisible();
    await shoot(page, `transcribe-${suffix}`);
    await page.getByRole("link", { name: "Library", exact: true }).click();
    await page.getByRole("link", { name: "two_cities.wav" }).click();
    await expect(page.getByRole("list", { name: "Transcript" })).toBeVisible();
    await shoot(page, `transcript-${suffix}`);
    await page.setViewportSize({ width: 390, height: 844 });
    await shoot(page, `transcript-phone-${suffix}`);
    await page.getByRole("link", { name: "Library", exact: true }).click();
    await expect(page.getByText("Failed")).toBeVisible();
    await shoot(page, `library-phone-${suffix}`);
    await page.getByRole("link", { name: "Transcribe", exact: true }).click();
    await expect(page.getByRole("combobox", { name: "Model" })).toBeVisible();
    await shoot(page, `transcribe-phone-${suffix}`);
  }
});

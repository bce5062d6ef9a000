import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { APIRequestContext, Page } from "@playwright/test";
import { expect, openMenu, RECORDING, signIn, test } from "./test.ts";

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
  await openMenu(page, "admin");
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

/** Who is there for the pictures of people: invited, signed up, locked out; and keys for programs. */
async function letPeopleIn(api: APIRequestContext, password: string): Promise<string> {
  const call = async (path: string, data: object, method: "patch" | "post" = "post") => {
    const answer = await api[method](path, { data, headers });
    expect(answer.ok()).toBe(true);
    return (await answer.json()) as Record<string, string>;
  };
  let headers = {};
  const { token } = await call("/auth/login", { name: "admin", password, kind: "bearer" });
  headers = { Authorization: `Bearer ${token}` };
  const [accounts, invitations] = ["/api/admin/accounts", "/api/admin/invitations"];
  const { token: invitation } = await call(invitations, { note: "for Grace" });
  await call("/auth/sign-up", { name: "grace", password, invitation });
  await call(accounts, { name: "ada", password, role: "admin" });
  const { user_id: charles } = await call(accounts, { name: "charles", password });
  await call(`${accounts}/${charles}`, { is_active: false }, "patch");
  await call("/auth/keys", { name: "nightly import", scopes: ["read", "write"] });
  await call("/auth/keys", { name: "watching", scopes: ["read"], expires_in_days: 7 });
  const { token: open } = await call(invitations, { note: "for Alan", expires_in_days: 30 });
  return String(open);
}

test("signing up, the account and the people", async ({ page, request, service }) => {
  const invitation = await letPeopleIn(request, service.password);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(`/sign-up#invitation=${invitation}`);
  await expect(page.getByLabel("Name")).toBeVisible();
  await shoot(page, "sign-up-light");
  await page.goto("/account");
  await signIn(page, service);
  for (const theme of ["Light", "Dark"] as const) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await chooseTheme(page, theme);
    const suffix = theme.toLowerCase();
    for (const [screen, address, sign] of [
      ["account", "/account", "nightly import"],
      ["people", "/admin/accounts", "for Alan"],
    ] as const) {
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(address);
      await expect(page.getByText(sign)).toBeVisible();
      await shoot(page, `${screen}-${suffix}`);
      await page.setViewportSize({ width: 390, height: 844 });
      await shoot(page, `${screen}-phone-${suffix}`);
    }
  }
});

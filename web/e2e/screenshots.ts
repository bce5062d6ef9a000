import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { ask, firstAdmin, JSON_TYPE, openSession, send, transcribe } from "./direct.ts";
import { SCREENS } from "./screens.ts";
import type { Service } from "./service.ts";
import { expect, readBeginning, RECORDING, test } from "./test.ts";

/**
 * Writes the pictures of every screen: the real service, a real recording, nothing posed.
 * Run `make screenshots` after a change of looks and commit the result.
 */
const FOLDER = join(import.meta.dirname, "../../docs/screenshots");
const MAX_BYTES = 200_000;
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const PASSWORD = "correct horse battery";

test.use({ contextOptions: { reducedMotion: "reduce" } });
test.setTimeout(900_000);

test("every screen, light and dark, wide and on a phone", async ({ page, service }) => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const cookie = await openSession(service, firstAdmin(service));
  const jobId = await fill(service, cookie);
  for (const [route, screen] of Object.entries(SCREENS)) {
    // The first page is whatever one was sent to from it.
    if (route === "/") continue;
    await page.context().clearCookies();
    if (!screen.viewers.includes("nobody")) await enter(page, service, cookie);
    await page.goto(screen.address(jobId));
    await shootAll(page, nameScreen(route));
  }
  expect(readdirSync(FOLDER).length).toBe((Object.keys(SCREENS).length - 1) * 4);
});

test("what opens over a transcript", async ({ page, service }) => {
  const cookie = await openSession(service, firstAdmin(service));
  const jobId = await transcribe(service, cookie, readFileSync(RECORDING), {
    name: "Dickens, chapter one.wav",
    word_timestamps: "true",
  });
  await enter(page, service, cookie);
  for (const [name, key] of [
    ["find", "Control+f"],
    ["keys", "?"],
  ] as const) {
    await page.goto(`/transcript/${jobId}`);
    await expect(page.getByRole("list", { name: "Transcript" })).toBeVisible();
    await page.keyboard.press(key);
    await shootAll(page, `transcript-${name}`);
  }
  await page.goto(`/transcript/${jobId}`);
  await page.getByRole("button", { name: /^Export/ }).click();
  await shootAll(page, "transcript-export");
});

async function enter(page: Page, service: Service, cookie: string): Promise<void> {
  const [name = "", value = ""] = cookie.split("=");
  await page.context().addCookies([{ name, value, url: service.address }]);
}

/** `/admin/jobs` as `admin-jobs`, `/transcript/$jobId` as `transcript`. */
const nameScreen = (route: string) =>
  route
    .split("/")
    .filter((part) => part && !part.startsWith("$"))
    .join("-");

async function shootAll(page: Page, name: string): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [suffix, size] of [
      ["", WIDE],
      ["-phone", PHONE],
    ] as const) {
      await page.setViewportSize(size);
      await expect(page.getByRole("heading").first()).toBeVisible();
      await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
      await shoot(page, `${name}-${theme}${suffix}`);
    }
  }
}

async function shoot(page: Page, name: string): Promise<void> {
  const path = join(FOLDER, `${name}.png`);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, animations: "disabled" });
  // 256 colours are plenty for an interface, and a third of the size.
  execFileSync("pngquant", ["--force", "--ext", ".png", "--strip", "--speed", "1", path]);
  expect(statSync(path).size).toBeLessThan(MAX_BYTES);
}

/** What a service has after a day: jobs in several states, tags, people, keys; the longest job. */
async function fill(service: Service, cookie: string): Promise<string> {
  const call = async (path: string, data: object, method = "POST") => {
    const headers = { ...JSON_TYPE, Cookie: cookie };
    const answer = await ask(service, path, { method, body: JSON.stringify(data), headers });
    return (await answer.json()) as Record<string, string>;
  };
  await fillAccounts(service, call);
  const options = { word_timestamps: "true" };
  for (const [place, name] of ["Interview, first day.wav", "Lecture 3.wav"].entries()) {
    await transcribe(service, cookie, readBeginning(12 + 7 * place), { ...options, name });
  }
  await send(service, cookie, Buffer.from("<!doctype html>"), { name: "Notes.mp3" });
  const name = "A Tale of Two Cities.wav";
  const jobId = await transcribe(service, cookie, readFileSync(RECORDING), { ...options, name });
  await call(`/transcripts/${jobId}/tags`, { tags: ["Dickens", "novel"] }, "PUT");
  return jobId;
}

type Call = (path: string, data: object, method?: string) => Promise<Record<string, string>>;

/** People invited, signed up and locked out; keys for programs. */
async function fillAccounts(service: Service, call: Call): Promise<void> {
  const [accounts, invitations] = ["/api/admin/accounts", "/api/admin/invitations"];
  const { token: invitation } = await call(invitations, { note: "for Grace" });
  await ask(service, "/auth/sign-up", {
    body: JSON.stringify({ name: "grace", password: PASSWORD, invitation }),
    headers: JSON_TYPE,
  });
  await call(accounts, { name: "ada", password: PASSWORD, role: "admin" });
  const { user_id: charles } = await call(accounts, { name: "charles", password: PASSWORD });
  await call(`${accounts}/${charles}`, { is_active: false }, "PATCH");
  await call("/auth/keys", { name: "nightly import", scopes: ["read", "write"] });
  await call("/auth/keys", { name: "watching", scopes: ["read"], expires_in_days: 7 });
  await call(invitations, { note: "for Alan", expires_in_days: 30 });
}

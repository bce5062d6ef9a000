import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test as base } from "@playwright/test";
import { type Service, startService } from "./service.ts";

export { expect };

/** A real recording: the demo's, which `make models` stages. */
export const RECORDING = join(
  process.env["MODELS_DIR"] ?? join(import.meta.dirname, "../../models"),
  "demo/two_cities.wav",
);

const WAV_HEADER_BYTES = 44;

/** The recording's first seconds, for journeys that transcribe more than once. */
export function readBeginning(seconds: number): Buffer {
  const whole = readFileSync(RECORDING);
  const bytesPerSecond = whole.readUInt32LE(28);
  const beginning = Buffer.from(whole.subarray(0, WAV_HEADER_BYTES + seconds * bytesPerSecond));
  expect(beginning.toString("latin1", 36, 40)).toBe("data");
  beginning.writeUInt32LE(beginning.length - 8, 4);
  beginning.writeUInt32LE(beginning.length - WAV_HEADER_BYTES, 40);
  return beginning;
}

interface Fixtures {
  /** Fails the test on what the console reports, refusals that the test provoked excepted. */
  quietConsole: undefined;
}

export const test = base.extend<Fixtures, { service: Service }>({
  service: [
    // Playwright reads the fixture's needs from this pattern; an empty one means none.
    // eslint-disable-next-line no-empty-pattern -- see above
    async ({}, use) => {
      if (!existsSync(RECORDING)) {
        throw new Error(`There is no ${RECORDING}: run \`make models\`.`);
      }
      const service = await startService();
      await use(service);
      await service.stop();
    },
    { scope: "worker", timeout: 200_000 },
  ],
  baseURL: async ({ service }, use) => {
    await use(service.address);
  },
  quietConsole: [
    async ({ page }, use) => {
      const reports = watchConsole(page);
      await use(undefined);
      expect(reports).toEqual([]);
    },
    { auto: true },
  ],
});

/** What a page's console reports from now on, refusals that the test provoked excepted. */
export function watchConsole(page: Page): string[] {
  const reports: string[] = [];
  page.on("pageerror", (error) => reports.push(String(error)));
  page.on("console", (message) => {
    const isNoise = !["error", "warning"].includes(message.type());
    // The browser reports each 4xx; asking who is signed in is how the page finds out.
    if (isNoise || message.text().includes("status of 401")) return;
    reports.push(message.text());
  });
  return reports;
}

/** Opens the menu of whoever is signed in. */
export async function openMenu(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Account of ${name}` }).click();
}

/** Signs the first administrator in, from whichever page was asked for. */
export async function signIn(page: Page, service: Service): Promise<void> {
  await page.getByLabel(/^Name/).fill("admin");
  await page.getByRole("textbox", { name: /Passwor[dt]/ }).fill(service.password);
  await page.getByRole("button", { name: /^(Sign in|Anmelden)$/ }).click();
}

/** Fails on whatever WCAG 2.2 AA forbids and a machine can see. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
}

import { existsSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, type Locator, type Page, test as base } from "@playwright/test";
import { readBeginning, RECORDING } from "./recording.ts";
import { type Service, startService } from "./service.ts";

export { expect, readBeginning, RECORDING };

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
    reports.push(`${message.text()} ${message.location().url}`.trim());
  });
  return reports;
}

/** One subject of the dashboard. */
export function card(page: Page, title: string): Locator {
  return page.getByRole("region", { name: title, exact: true });
}

/** Opens the menu of whoever is signed in. */
export async function openMenu(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Account of ${name}` }).click();
}

/** Signs somebody in, the first administrator unless named, from whichever page was asked for. */
export async function signIn(
  page: Page,
  { name = "admin", password }: { name?: string; password: string },
): Promise<void> {
  await page.getByLabel(/^Name/).fill(name);
  await page.getByRole("textbox", { name: /Passwor[dt]/ }).fill(password);
  await page.getByRole("button", { name: /^(Sign in|Anmelden)$/ }).click();
}

/** Fails on whatever WCAG 2.2 AA forbids and a machine can see. */
export async function expectAccessible(page: Page): Promise<void> {
  await waitForStillness(page);
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
}

/** Returns when nothing fades or slides any more: half-way colours have contrasts of their own. */
async function waitForStillness(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ effect, playState }) =>
          playState !== "running" || effect?.getComputedTiming().iterations === Infinity,
      ),
  );
}

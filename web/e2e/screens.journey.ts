import type { Page } from "@playwright/test";
import { addAccount, firstAdmin, openSession, transcribe } from "./direct.ts";
import { SCREENS, type Viewer } from "./screens.ts";
import type { Service } from "./service.ts";
import { expect, expectAccessible, readBeginning, test } from "./test.ts";

// What moves would be measured half-way.
test.use({ contextOptions: { reducedMotion: "reduce" } });

const HEIGHT = 800;
const WIDE = 1280;
const PHONE = 360;

/** Which looks are checked for accessibility; whether the layout holds is measured in all of them. */
const CHECKED: Record<Viewer, readonly string[]> = {
  nobody: ["light 1280", "dark 360"],
  user: ["dark 360"],
  admin: ["light 1280", "light 360", "dark 1280", "dark 360"],
};

for (const viewer of ["nobody", "user", "admin"] as const) {
  test(`every screen, as ${viewer} sees it`, async ({ page, service }) => {
    const strangers = watchOrigins(page, service);
    const jobId = await arrive(page, service, viewer);
    for (const [route, screen] of Object.entries(SCREENS)) {
      if (!screen.viewers.includes(viewer)) continue;
      await test.step(route, async () => {
        await page.goto(screen.address(jobId));
        await look(page, CHECKED[viewer]);
      });
    }
    expect(strangers).toEqual([]);
  });
}

test("an address that leads nowhere", async ({ page }) => {
  await page.goto("/nowhere");
  await look(page, CHECKED.admin);
});

/** Signs the viewer in, and gives a job of his that is done. */
async function arrive(page: Page, service: Service, viewer: Viewer): Promise<string> {
  if (viewer === "nobody") return "";
  const who = viewer === "admin" ? firstAdmin(service) : await addAccount(service, "grace");
  const cookie = await openSession(service, who);
  const [name = "", value = ""] = cookie.split("=");
  await page.context().addCookies([{ name, value, url: service.address }]);
  return transcribe(service, cookie, readBeginning(4));
}

/** Looks at what is shown in each theme, on a wide screen and on a phone, in both directions. */
async function look(page: Page, checked: readonly string[]): Promise<void> {
  for (const theme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const width of [WIDE, PHONE]) {
      await page.setViewportSize({ width, height: HEIGHT });
      await expect(page.getByRole("heading").first()).toBeVisible();
      await expect(page.locator(".mantine-Skeleton-root")).toHaveCount(0);
      for (const direction of ["rtl", "ltr"]) {
        await page.evaluate((dir) => {
          document.documentElement.dir = dir;
        }, direction);
        expect(await measureOverflow(page), `${theme} ${width} ${direction}`).toBe(0);
      }
      if (checked.includes(`${theme} ${width}`)) await expectAccessible(page);
    }
  }
}

/** By how many pixels the page is wider than the window. */
function measureOverflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
}

/** What the page asks from somebody else than the service. */
function watchOrigins(page: Page, service: Service): string[] {
  const strangers: string[] = [];
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    const isOwn = origin === service.address || ["blob:", "data:"].includes(protocol);
    if (!isOwn) strangers.push(request.url());
  });
  return strangers;
}

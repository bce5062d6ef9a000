import { type BrowserContext, chromium, type Page } from "@playwright/test";

/**
 * Measures the screen of one transcript in the browser and prints the figures as JSON.  Started by
 * `benchmarks/transcript_screen.py`, which has the service running and the transcript in it.
 */
const address = readSetting("ADDRESS");
const token = readSetting("TOKEN");
const screen = `${address}/transcript/${readSetting("JOB_ID")}`;
const MIDDLE_SECONDS = 9 * 3600;
const SCROLL_FRAMES = 600;
/** A fast flick: the whole screen passes by in a fifth of a second. */
const PIXELS_PER_FRAME = 80;
const WATCHED_MS = 5_000;
const CORRECTION = "thus it was said";

function readSetting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set.`);
  return value;
}

/** Milliseconds since the navigation began, once what the selector names is painted. */
function paintedAfter(page: Page, selector: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (!document.querySelector(wanted)) requestAnimationFrame(look);
          else
            requestAnimationFrame(() => {
              resolve(performance.now());
            });
        };
        look();
      }),
    selector,
  );
}

async function open(context: BrowserContext, search = ""): Promise<[Page, number]> {
  const page = await context.newPage();
  await page.goto(screen + search, { waitUntil: "commit" });
  return [page, await paintedAfter(page, search ? "[data-flash] [data-word]" : "[data-word]")];
}

/** The lengths of frames while the page is scrolled at an even speed. */
function scroll(page: Page): Promise<number[]> {
  return page.evaluate(
    ([frames, pixels]) =>
      new Promise<number[]>((resolve) => {
        const lengths: number[] = [];
        let before: number | undefined;
        const step = (now: number) => {
          if (before !== undefined) lengths.push(now - before);
          before = now;
          window.scrollBy(0, pixels);
          if (lengths.length < frames) requestAnimationFrame(step);
          else resolve(lengths);
        };
        requestAnimationFrame(step);
      }),
    [SCROLL_FRAMES, PIXELS_PER_FRAME] as const,
  );
}

/** The same while nothing is done but what the page does by itself. */
function watch(page: Page): Promise<number[]> {
  return page.evaluate(
    (milliseconds) =>
      new Promise<number[]>((resolve) => {
        const lengths: number[] = [];
        let before: number | undefined;
        let begun: number | undefined;
        const step = (now: number) => {
          if (before !== undefined) lengths.push(now - before);
          before = now;
          begun ??= now;
          if (now - begun < milliseconds) requestAnimationFrame(step);
          else resolve(lengths);
        };
        requestAnimationFrame(step);
      }),
    WATCHED_MS,
  );
}

/** From the key that asks for it to the middle's text on the screen. */
async function jump(page: Page): Promise<number> {
  const slider = page.getByRole("slider", { name: /Position/ });
  const box = await slider.boundingBox();
  await slider.click({ position: { x: (box?.width ?? 0) / 2, y: 5 } });
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const begun = performance.now();
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "f", bubbles: true }));
        const look = () => {
          if (document.querySelector("[data-flash]")) resolve(performance.now() - begun);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

interface Editing {
  /** From the second click to the field with the caret in it, painted. */
  opened: number;
  /** From each key to its letter, painted. */
  typed: number[];
  /** From the key that ends it to the corrected text in the list, painted. */
  closed: number;
  /** From there until the service has the correction. */
  saved: number;
}

/** Corrects the passage in the middle of the screen. */
async function edit(page: Page): Promise<Editing> {
  const passage = await page.evaluateHandle(() => {
    Object.assign(globalThis, { measuredOpened: NaN });
    const note = ({ timeStamp }: Event) => {
      const look = () => {
        if (document.activeElement?.tagName !== "TEXTAREA") requestAnimationFrame(look);
        else
          requestAnimationFrame(() => {
            Object.assign(globalThis, { measuredOpened: performance.now() - timeStamp });
          });
      };
      look();
    };
    addEventListener("dblclick", note, { capture: true, once: true });
    const passages = [...document.querySelectorAll("p[lang]")];
    const isInTheMiddle = (each: Element) => each.getBoundingClientRect().top > innerHeight / 2;
    return passages.find(isInTheMiddle);
  });
  await passage.asElement()?.dblclick();
  const opened = await read(page, "measuredOpened");
  await page.keyboard.press("End");
  const typed: number[] = [];
  for (const letter of CORRECTION) {
    await watchKey(page, "measuredTyped");
    await page.keyboard.press(letter);
    typed.push(await read(page, "measuredTyped"));
  }
  await watchKey(page, "measuredClosed");
  await page.keyboard.press("Escape");
  const closed = await read(page, "measuredClosed");
  await page.getByText(CORRECTION).waitFor();
  const begun = performance.now();
  await page.getByText("Saved", { exact: true }).waitFor();
  return { opened, typed, closed, saved: performance.now() - begun };
}

/** Notes under a name how long it is from the next key to the second frame after it. */
function watchKey(page: Page, name: string): Promise<void> {
  return page.evaluate((place) => {
    Object.assign(globalThis, { [place]: NaN });
    addEventListener(
      "keydown",
      ({ timeStamp }) => {
        const note = () => Object.assign(globalThis, { [place]: performance.now() - timeStamp });
        requestAnimationFrame(() => requestAnimationFrame(note));
      },
      { capture: true, once: true },
    );
  }, name);
}

/** What was noted under a name, once it is there. */
async function read(page: Page, name: string): Promise<number> {
  const noted = await page.waitForFunction((place) => {
    const length = (globalThis as unknown as Record<string, number>)[place];
    return Number.isNaN(length) ? undefined : length;
  }, name);
  return Number(await noted.jsonValue());
}

async function readHeap(context: BrowserContext, page: Page): Promise<number> {
  const session = await context.newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? NaN;
}

const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
try {
  const context = await browser.newContext({
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
    viewport: { width: 1280, height: 800 },
    locale: "en",
  });
  const [first, cold] = await open(context);
  await first.close();
  const [page, warm] = await open(context);
  await page.getByText(/[0-9] words/).waitFor({ timeout: 120_000 });
  const whole = await page.evaluate(() => performance.now());
  const scrolling = await scroll(page);
  const jumped = await jump(page);
  await page.getByRole("button", { name: "Play", exact: true }).click();
  const playing = await watch(page);
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  const elements = await page.evaluate(() => document.querySelectorAll("*").length);
  const heap = await readHeap(context, page);
  const [middle, at] = await open(context, `?at=${MIDDLE_SECONDS}`);
  await middle.getByText(/[0-9] words/).waitFor({ timeout: 120_000 });
  const editing = await edit(middle);
  console.log(
    JSON.stringify({ cold, warm, whole, at, jumped, scrolling, playing, editing, elements, heap }),
  );
} finally {
  await browser.close();
}

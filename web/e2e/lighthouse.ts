// Audits the main screens of the real service with Lighthouse, and fails over the budgets.
import { chromium } from "@playwright/test";
import lighthouse, { desktopConfig, type Result } from "lighthouse";
import { firstAdmin, openSession, transcribe } from "./direct.ts";
import { readBeginning } from "./recording.ts";
import { findFreePort, type Service, startService } from "./service.ts";

/**
 * What counts on any machine: what is sent, shown and reported.  Times depend on who else works on
 * the machine, so that they have room; the scores are of 100.
 */
const BUDGETS = {
  leastAccessibility: 100,
  leastBestPractices: 95,
  leastPerformance: 80,
  mostBytes: 450_000,
  mostShift: 0.05,
};

const FIGURES = [
  "screen",
  "accessibility",
  "bestPractices",
  "performance",
  "kilobytes",
  "shift",
] as const;

interface Verdict {
  screen: string;
  accessibility: number;
  bestPractices: number;
  performance: number;
  kilobytes: number;
  shift: number;
  faults: string[];
}

async function auditScreens(service: Service, port: number): Promise<Verdict[]> {
  const cookie = await openSession(service, firstAdmin(service));
  const jobId = await transcribe(service, cookie, readBeginning(8));
  const verdicts: Verdict[] = [];
  for (const screen of ["/sign-in", "/transcribe", "/library", `/transcript/${jobId}`]) {
    const headers = new Map(screen === "/sign-in" ? [] : [["Cookie", cookie]]);
    const audited = await lighthouse(
      service.address + screen,
      { port, logLevel: "error", output: [], extraHeaders: Object.fromEntries(headers) },
      desktopConfig,
    );
    if (!audited) throw new Error(`Lighthouse gave no result for ${screen}.`);
    verdicts.push(judge(screen, audited.lhr, service.address));
  }
  return verdicts;
}

function judge(screen: string, result: Result, own: string): Verdict {
  const bytes = countBytes(result);
  const shift = readNumber(result, "cumulative-layout-shift");
  const [accessibility, bestPractices, performance] = (
    ["accessibility", "best-practices", "performance"] as const
  ).map((category) => Math.round((result.categories[category]?.score ?? 0) * 100)) as [
    number,
    number,
    number,
  ];
  const conditions: [boolean, string][] = [
    [accessibility >= BUDGETS.leastAccessibility, "accessibility"],
    [bestPractices >= BUDGETS.leastBestPractices, "best practices"],
    [performance >= BUDGETS.leastPerformance, "performance"],
    [bytes <= BUDGETS.mostBytes, "bytes"],
    [shift <= BUDGETS.mostShift, "layout shift"],
    [result.audits["errors-in-console"]?.score === 1, "errors in the console"],
    [listOrigins(result).every((origin) => origin === own), "a request to somebody else"],
  ];
  const faults = conditions.filter(([holds]) => !holds).map(([, fault]) => fault);
  const kilobytes = Math.round(bytes / 1000);
  return { screen, accessibility, bestPractices, performance, kilobytes, shift, faults };
}

function readNumber(result: Result, audit: string): number {
  const value = result.audits[audit]?.numericValue;
  if (value === undefined) throw new Error(`Lighthouse measured no ${audit}.`);
  return value;
}

/** All but the recording: how much of it a browser takes before anybody listens is its own affair. */
function countBytes(result: Result): number {
  return listRequests(result)
    .filter(({ resourceType }) => resourceType !== "Media")
    .reduce((sum, { transferSize }) => sum + Number(transferSize), 0);
}

function listOrigins(result: Result): string[] {
  return listRequests(result).flatMap(({ url }) =>
    typeof url === "string" ? new URL(url).origin : [],
  );
}

function listRequests(result: Result) {
  const details = result.audits["network-requests"]?.details;
  if (details?.type !== "table") throw new Error("Lighthouse listed no requests.");
  return details.items;
}

const service = await startService();
const port = await findFreePort();
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", `--remote-debugging-port=${port}`],
});
try {
  const verdicts = await auditScreens(service, port);
  console.table(verdicts, [...FIGURES]);
  for (const { screen, faults } of verdicts) {
    if (faults.length === 0) continue;
    console.error(`${screen} is over its budget: ${faults.join(", ")}.`);
    process.exitCode = 1;
  }
} finally {
  await browser.close();
  await service.stop();
}

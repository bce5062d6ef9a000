import type { FullConfig, Reporter, Suite, TestCase } from "@playwright/test/reporter";

type Outcome = "passed" | "failed" | "flaky" | "skipped" | "not run";

const OUTCOMES: Record<ReturnType<TestCase["outcome"]>, Outcome> = {
  expected: "passed",
  unexpected: "failed",
  flaky: "flaky",
  skipped: "skipped",
};

/** Prints at the end which journeys there were and what came of each, one to a line. */
export default class OutcomeReporter implements Reporter {
  #journeys: TestCase[] = [];

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#journeys = suite.allTests();
  }

  onEnd(): void {
    const counts = new Map<Outcome, number>();
    const lines = this.#journeys.map((journey) => {
      const outcome = readOutcome(journey);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      return `${outcome.padEnd(8)} ${describe(journey)}`;
    });
    const sum = [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
    console.log(["", ...lines, `Journeys: ${sum || "none"}`].join("\n"));
  }
}

/** Its file, its name, and how long it took. */
function describe(journey: TestCase): string {
  const [, , file = "", ...title] = journey.titlePath();
  const seconds = journey.results.reduce((sum, { duration }) => sum + duration, 0) / 1_000;
  return `${file.replace(/\..*/, "")}: ${title.join(" › ")} (${seconds.toFixed(1)} s)`;
}

function readOutcome(journey: TestCase): Outcome {
  // Where the run was broken off, nothing is known of the rest.
  const hasRun = journey.results.length > 0 || journey.expectedStatus === "skipped";
  return hasRun ? OUTCOMES[journey.outcome()] : "not run";
}

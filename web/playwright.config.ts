import { defineConfig, devices } from "@playwright/test";

/**
 * Browser journeys against the real service with real weights.  Each worker process starts its own
 * service (e2e/service.ts); one worker, because the service wants the machine's cores itself.
 */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  // On a busy machine once more; the report calls a journey that needed it flaky.
  retries: process.env["CI"] ? 1 : 0,
  reporter: [["dot"], ["./e2e/outcome-reporter.ts"]],
  use: {
    ...devices["Desktop Chrome"],
    launchOptions: {
      // Debian's browser: the test runner downloads none of its own.
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
      // Build machines run as root and in containers, where the browser's own sandbox cannot start.
      args: ["--no-sandbox", "--disable-dev-shm-usage"],
    },
    trace: "retain-on-failure",
  },
  projects: [
    { name: "journeys", testMatch: "*.journey.ts" },
    { name: "screenshots", testMatch: "screenshots.ts" },
  ],
});

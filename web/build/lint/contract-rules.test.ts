import { join } from "node:path";
import { ESLint } from "eslint";
import { describe, expect, test } from "vitest";
import { readRestPaths } from "../rest-paths.ts";

const root = join(import.meta.dirname, "../..");
// The repository's own configuration, without the rules that need every type.
const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) => ruleId.startsWith("contract/"),
  overrideConfig: [{ languageOptions: { parserOptions: { projectService: false } } }],
});

async function lint(code: string, file = "src/features/library/JobRow.tsx"): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  const messages = result?.messages ?? [];
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  return messages.flatMap(({ ruleId }) => ruleId ?? []);
}

describe("an address by hand is found", () => {
  test.each([
    ["a text", `ask("/jobs/");`],
    ["a text with a query", `ask("/models?all=1");`],
    ["a template", "ask(`/jobs/${id}/events`);"],
    ["behind an unknown base", "ask(`${base}/jobs/${id}`);"],
    ["behind an origin", `ask("http://127.0.0.1:8000/transcripts/1");`],
    ["behind an origin of any scheme", `ask("//here/api/admin/jobs");`],
    ["a sum", `ask("/" + "jobs" + "/" + id);`],
    ["a sum behind a base", `ask(base + "/uploads/" + id);`],
    ["a root in a constant", `const family = "jobs"; ask("/" + family + "/" + id);`],
    ["a root in a constant, in a template", `const family = "jobs"; ask(\`/\${family}/\${id}\`);`],
    ["a constant", `const JOBS = "/jobs"; ask(JOBS);`],
    ["parts that are joined", `ask(["", "jobs", id].join("/"));`],
    ["parts that are appended", `ask("/".concat("recordings", "/", id));`],
    ["a relative address", `ask("jobs/" + id);`],
    ["a relative address that climbs", `ask("../jobs/events");`],
    ["an address asserted", `ask("/jobs/" as Path);`],
    ["a tagged template", "ask(String.raw`/auth/me`);"],
    ["new URL", `new URL("/jobs", window.location.origin);`],
    ["a link", `export const link = <a href="/transcripts/1/export?format=srt">x</a>;`],
    ["a source", "export const player = <audio src={`/recordings/${id}/media`} />;"],
    ["a member", `export const addresses = { jobs: "/jobs/" };`],
    ["what is below a page", `ask("/account/retention");`],
    ["what the document does not describe", `ask("/v1/models");`],
  ])("%s", async (_name, code) => {
    expect(await lint(code)).toContain("contract/no-rest-paths");
  });

  test("of every path of the document", async () => {
    for (const path of readRestPaths()) {
      expect(await lint(`ask("${path}");`), path).toContain("contract/no-rest-paths");
    }
  });
});

describe("a transport of one's own is found", () => {
  test.each([
    ["fetch", "fetch(address);"],
    ["fetch of the window", "window.fetch(address);"],
    ["fetch by its text", `globalThis["fetch"](address);`],
    ["fetch under another name", "const ask = fetch; ask(address);"],
    ["fetch taken out", "const { fetch: ask } = window; ask(address);"],
    ["fetch of a client", "client.fetch(address);"],
    ["XMLHttpRequest", "new XMLHttpRequest();"],
    ["EventSource", "new EventSource(address);"],
    ["EventSource of the window", "new window.EventSource(address);"],
    ["WebSocket", "new WebSocket(address);"],
    ["sendBeacon", "navigator.sendBeacon(address);"],
  ])("%s", async (_name, code) => {
    expect(await lint(code)).toContain("contract/no-own-transport");
  });
});

describe("nothing else is", () => {
  test.each([
    [
      "pages",
      `go("/transcribe"); go("/transcript/$jobId"); go("/account"); go("/admin/accounts");`,
    ],
    [
      "modules",
      `import { a } from "../jobs/a"; export * from "./models/b"; void import("./jobs/c");`,
    ],
    ["words", `say("jobs"); say("It is kept in data/jobs/ there."); say("image/svg+xml");`],
    ["addresses of operations", "ask(addressOf(readMedia, { path: { recording_id } }));"],
    ["types of transports", "export let ask: typeof fetch; export let old: XMLHttpRequest;"],
    ["names of one's own", "function fetch() {} fetch(); queryClient.fetchQuery({});"],
  ])("%s", async (_name, code) => {
    expect(await lint(code)).toEqual([]);
  });

  test("only the two ends of the wire may use a transport, and name no address", async () => {
    for (const file of ["src/api/client-config.ts", "src/lib/fetch-with-progress.ts"]) {
      expect(await lint("fetch(address);", file)).toEqual([]);
      expect(await lint(`ask("/jobs/");`, file)).toEqual(["contract/no-rest-paths"]);
    }
  });
});

import { createHash, randomBytes } from "node:crypto";
import { Upload, type UploadOptions } from "tus-js-client";
import { build } from "vite";
import type { Service } from "./service.ts";
import { expect, test } from "./test.ts";

// The service dies twice and comes back.
test.setTimeout(300_000);

/** Often enough that a service which comes back is found at once, for two minutes. */
const RETRY_DELAYS_MS = Array<number>(240).fill(500);
/** Above the length of a chunk, so that several are committed. */
const SIZE_BYTES = 40 * 1024 ** 2;

test("tus-js-client goes on after the service was killed", async ({ service }) => {
  const token = await fetchToken(service);
  const data = randomBytes(SIZE_BYTES);
  let isKilled: Promise<void> | undefined;
  const path = await send(data, service, token, {
    chunkSize: 5 * 1024 ** 2,
    onChunkComplete: (_size, accepted) => {
      if (accepted > SIZE_BYTES / 3) isKilled ??= service.killAndRestart();
    },
  });
  expect(isKilled).toBeDefined();
  await isKilled;
  await expectJob(service, token, path, SIZE_BYTES);
});

test("tus-js-client sends pieces side by side, which are joined", async ({ service }) => {
  const token = await fetchToken(service);
  const data = randomBytes(SIZE_BYTES);
  const path = await send(data, service, token, { parallelUploads: 3 });
  await expectJob(service, token, path, SIZE_BYTES);
});

test("Uppy goes on in a browser after the service was killed", async ({ browser, service }) => {
  const token = await fetchToken(service);
  // The page's own policy keeps out scripts that are not its own; this one is the test's.
  const context = await browser.newContext({ baseURL: service.address, bypassCSP: true });
  const page = await context.newPage();
  await page.goto("/");
  await page.addScriptTag({ content: await bundle("uppy-page.ts") });
  const sending = page.evaluate(
    ([bearer, size, delays]) => window.sendWithUppy(bearer, size, delays),
    [token, SIZE_BYTES, RETRY_DELAYS_MS] as const,
  );
  await page.waitForFunction((half) => window.sentBytes > half, SIZE_BYTES / 3);
  await service.killAndRestart();
  const path = await sending;
  await expectJob(service, token, path, SIZE_BYTES);
  await context.close();
});

/** Sends with tus-js-client; gives the path of the upload. */
function send(
  data: Buffer,
  service: Service,
  token: string,
  options: Partial<UploadOptions>,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(data, {
      endpoint: `${service.address}/uploads/tus`,
      headers: { Authorization: `Bearer ${token}` },
      retryDelays: RETRY_DELAYS_MS,
      metadata: {
        filename: "noise.bin",
        sha256: createHash("sha256").update(data).digest("hex"),
      },
      onError: reject,
      onSuccess: () => {
        resolve(new URL(upload.url ?? "").pathname);
      },
      ...options,
    });
    upload.start();
  });
}

async function expectJob(service: Service, token: string, path: string, size: number) {
  const headers = { Authorization: `Bearer ${token}` };
  const ask = async (where: string) =>
    (await (await fetch(service.address + where, { headers })).json()) as Record<string, unknown>;
  await expect
    .poll(async () => (await ask(path.replace("/tus", "")))["state"], { timeout: 60_000 })
    .toBe("completed");
  const { job_id: jobId } = await ask(path.replace("/tus", ""));
  const job = await ask(`/jobs/${String(jobId)}`);
  expect(job["size_bytes"]).toBe(size);
  expect(job["name"]).toBe("noise.bin");
}

async function fetchToken(service: Service): Promise<string> {
  const answer = await fetch(`${service.address}/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: "admin", password: service.password, kind: "bearer" }),
  });
  expect(answer.ok).toBe(true);
  return ((await answer.json()) as { token: string }).token;
}

/** One script with everything that `name` imports. */
async function bundle(name: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "error",
    root: import.meta.dirname,
    build: {
      write: false,
      lib: { entry: name, formats: ["iife"], name: "page" },
    },
  });
  for (const each of Array.isArray(built) ? built : [built]) {
    if ("output" in each) return each.output[0].code;
  }
  throw new Error("Nothing was built.");
}

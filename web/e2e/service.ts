import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killGroup, launch, type Settings } from "./processes.ts";

export const ROOT = join(import.meta.dirname, "../..");
const START_MS = 120_000;
const STOP_MS = 45_000;

export interface Service {
  address: string;
  dataDir: string;
  /** Of the first administrator, `admin`. */
  password: string;
  stop: () => Promise<void>;
  /** Kills it, as a lack of power does, and starts it again at the same address. */
  killAndRestart: () => Promise<void>;
}

interface Choices {
  hasWorkers?: boolean;
  /** Beside the usual ones. */
  settings?: Settings;
}

/** Starts the real service as an operator does, on a free port and an empty data directory. */
export async function startService(choices: Choices = {}): Promise<Service> {
  const { hasWorkers = true, settings = {} } = choices;
  const models = process.env["MODELS_DIR"] ?? join(ROOT, "models");
  if (!existsSync(join(models, "base.pt"))) {
    throw new Error(`There is no ${join(models, "base.pt")}: run \`make models\`.`);
  }
  const dataDir = mkdtempSync(join(tmpdir(), "transcriber-e2e-"));
  const port = await findFreePort();
  const address = `http://127.0.0.1:${port}`;
  const start = () =>
    launch(join(ROOT, ".venv/bin/transcriber"), ["serve"], {
      DATA_DIR: dataDir,
      MODELS_DIR: models,
      MODEL_CACHE_DIR: join(ROOT, ".cache/converted"),
      PORT: String(port),
      ...(!hasWorkers && { WORKER_PROCESSES: "0" }),
      ...settings,
    });
  let run = start();
  const stop = async () => {
    await stopProcess(run.child);
    rmSync(dataDir, { recursive: true, force: true });
  };
  const waitUntilUp = async () => {
    try {
      await waitUntilReady(run.child, address + (hasWorkers ? "/readyz" : "/healthz"));
    } catch (error) {
      await stop();
      throw new Error(`The service did not start:\n${run.output.join("")}`, { cause: error });
    }
  };
  const killAndRestart = async () => {
    await killGroup(run.child);
    run = start();
    await waitUntilUp();
  };
  await waitUntilUp();
  const password = readPassword(run.output.join(""));
  return { address, dataDir, password, stop, killAndRestart };
}

/** Without workers it is never ready for jobs; it answers all the same. */
async function waitUntilReady(child: ChildProcess, address: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`It exited with ${child.exitCode}.`);
    if (await isReady(address)) return;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  throw new Error(`It was not ready within ${START_MS / 1000} s.`);
}

async function isReady(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).ok;
  } catch {
    // Not listening yet; the caller's deadline bounds the wait.
    return false;
  }
}

/** The password as `serve` shows it, once. */
function readPassword(output: string): string {
  const found = /password:?\s+(\S+)/.exec(output)?.[1];
  if (!found) throw new Error("No first password was shown.");
  return found;
}

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const found = probe.address();
      probe.close(() => {
        if (found && typeof found === "object") resolve(found.port);
        else reject(new Error("The system gave no port."));
      });
    });
  });
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await gone;
  clearTimeout(killer);
}

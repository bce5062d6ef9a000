import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killGroup, launch, type Settings, signalGroup } from "./processes.ts";
import { ROOT, type Service, startService } from "./service.ts";

const PYTHON = join(ROOT, ".venv/bin/python");
/** Turns into the broker that the service brings along. */
const BROKER = `
import os
from transcriber.infra.broker import plan_broker
from transcriber.infra.settings import Settings
command = plan_broker(Settings()).command
os.execv(command[0], command)
`;
/** Writes a small checkpoint of OpenAI's layout. */
const CHECKPOINT = `
import pathlib, sys
from checkpoint_builder import build_checkpoint
pathlib.Path(sys.argv[1]).write_bytes(build_checkpoint())
`;
export const DISK_BYTES = 8 * 1024 ** 2;
/** What a damaged model lacks at its end. */
const CUT_BYTES = 100;

/** A process that runs already; nothing starts it again by itself. */
interface Part {
  kill: () => Promise<void>;
  start: () => void;
  signal: (signal: NodeJS.Signals) => void;
}

/** A service beside its parts, so that each can be broken and mended by itself. */
export interface BreakableService extends Service {
  worker: Part;
  broker: Part;
  /** Where recordings are stored: a small disk of its own, where `canMount`. */
  storageDir: string;
  /** Cuts the end of the default model off. */
  damageModel: () => void;
  mendModel: () => void;
}

/** Only root can mount a disk. */
export const canMount = process.getuid?.() === 0;

/** Starts every part of a service, as an operator does who runs them apart. */
export async function startBreakableService(): Promise<BreakableService> {
  const endings: (() => unknown)[] = [];
  const stop = async () => {
    for (const end of endings.reverse()) await end();
  };
  try {
    return { ...(await startParts((end) => endings.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts them one after the other, and says of each how it is ended. */
async function startParts(atEnd: (end: () => unknown) => void): Promise<BreakableService> {
  const folder = mkdtempSync(join(tmpdir(), "transcriber-faults-"));
  atEnd(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const storageDir = makeFolder(folder, "storage");
  if (canMount) {
    mountSmallDisk(storageDir);
    atEnd(() => execFileSync("umount", ["--lazy", storageDir]));
  }
  const brokerDir = makeFolder(folder, "broker");
  const broker = runPart(["-c", BROKER], { DATA_DIR: brokerDir });
  atEnd(broker.kill);
  const modelsDir = makeFolder(folder, "models");
  const model = stageModel(modelsDir);
  const settings = {
    BROKER_URL: `redis+socket://${join(brokerDir, "broker.sock")}`,
    MODELS_DIR: modelsDir,
    MODEL_CACHE_DIR: join(folder, "converted"),
    STORAGE_DIR: storageDir,
    // Of the small disk a share counts; whether the machine's own are low is no matter here.
    DISK_LOW_WATER_BYTES: String(DISK_BYTES),
  };
  const service = await startService({ hasWorkers: false, settings });
  atEnd(service.stop);
  // Not below `transcriber worker`, which would start another at once.
  const command = ["-m", "transcriber.worker"];
  const worker = runPart(command, { ...settings, DATA_DIR: service.dataDir });
  atEnd(worker.kill);
  return { ...service, ...model, worker, broker, storageDir };
}

function makeFolder(parent: string, name: string): string {
  const folder = join(parent, name);
  mkdirSync(folder);
  return folder;
}

/** One that is the journey's own, so that it can be filled. */
function mountSmallDisk(folder: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_BYTES}`, "faults", folder]);
}

/** Puts a checkpoint there whose reading takes no time to speak of. */
function stageModel(modelsDir: string) {
  const staged = join(modelsDir, "base.pt");
  const env = { ...process.env, PYTHONPATH: `${ROOT}/tests:${ROOT}/scripts` };
  execFileSync(PYTHON, ["-c", CHECKPOINT, staged], { env });
  const whole = readFileSync(staged);
  const mendModel = () => {
    writeFileSync(staged, whole);
  };
  const damageModel = () => {
    writeFileSync(staged, whole.subarray(0, -CUT_BYTES));
  };
  return { damageModel, mendModel };
}

function runPart(args: readonly string[], settings: Settings): Part {
  const start = () => launch(PYTHON, args, settings).child;
  let child = start();
  return {
    kill: () => killGroup(child),
    start: () => {
      child = start();
    },
    signal: (signal) => {
      signalGroup(child, signal);
    },
  };
}

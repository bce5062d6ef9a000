import { type ChildProcess, spawn } from "node:child_process";

/** Variables of the environment that say how a process of the service is to be. */
export type Settings = Record<string, string>;

/** Starts a program in the data directory that its settings name, and collects what it says. */
export function launch(program: string, args: readonly string[], settings: Settings) {
  const child = spawn(program, args, {
    cwd: settings["DATA_DIR"],
    // A group of its own, so that it can be killed with its workers and its broker.
    detached: true,
    env: { ...process.env, ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  }
  return { child, output };
}

/** Sends a signal to a process that was launched, and to those that it started. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) throw new Error("The process never started.");
  process.kill(-pid, signal);
}

export async function killGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  signalGroup(child, "SIGKILL");
  await gone;
}

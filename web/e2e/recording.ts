import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A real recording: the demo's, which `make models` stages. */
export const RECORDING = join(
  process.env["MODELS_DIR"] ?? join(import.meta.dirname, "../../models"),
  "demo/two_cities.wav",
);

const WAV_HEADER_BYTES = 44;

/** The recording's first seconds, for journeys that transcribe more than once. */
export function readBeginning(seconds: number): Buffer {
  const whole = readFileSync(RECORDING);
  const bytesPerSecond = whole.readUInt32LE(28);
  const beginning = Buffer.from(whole.subarray(0, WAV_HEADER_BYTES + seconds * bytesPerSecond));
  if (beginning.toString("latin1", 36, 40) !== "data") {
    throw new Error(`${RECORDING} has more before its samples than the plain header.`);
  }
  beginning.writeUInt32LE(beginning.length - 8, 4);
  beginning.writeUInt32LE(beginning.length - WAV_HEADER_BYTES, 40);
  return beginning;
}

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A real recording: the demo's, which `make models` stages. */
export const RECORDING = join(
  process.env["MODELS_DIR"] ?? join(import.meta.dirname, "../../models"),
  "demo/two_cities.wav",
);

const WAV_HEADER_BYTES = 44;

const SAMPLE_BYTES = 2;

/** The recording's first seconds, for journeys that transcribe more than once. */
export function readBeginning(seconds: number): Buffer {
  const { header, samples, bytesPerSecond } = readWhole();
  return write(header, samples.subarray(0, seconds * bytesPerSecond));
}

/** The same seconds three times, the second time by a higher voice, which is quicker too. */
export function readConversation(seconds: number): Buffer {
  const { header, samples, bytesPerSecond } = readWhole();
  const said = samples.subarray(0, seconds * bytesPerSecond);
  const count = Math.floor(said.length / SAMPLE_BYTES / HIGHER);
  const other = Buffer.alloc(count * SAMPLE_BYTES);
  for (let place = 0; place < count; place += 1) {
    const sample = said.readInt16LE(Math.floor(place * HIGHER) * SAMPLE_BYTES);
    other.writeInt16LE(sample, place * SAMPLE_BYTES);
  }
  return write(header, Buffer.concat([said, other, said]));
}

const HIGHER = 1.3;

function readWhole() {
  const whole = readFileSync(RECORDING);
  if (whole.toString("latin1", 36, 40) !== "data" || whole.readUInt16LE(34) !== 16) {
    throw new Error(`${RECORDING} is not of 16 bits with the plain header.`);
  }
  return {
    header: whole.subarray(0, WAV_HEADER_BYTES),
    samples: whole.subarray(WAV_HEADER_BYTES),
    bytesPerSecond: whole.readUInt32LE(28),
  };
}

function write(header: Buffer, samples: Buffer): Buffer {
  const recording = Buffer.concat([header, samples]);
  recording.writeUInt32LE(recording.length - 8, 4);
  recording.writeUInt32LE(samples.length, 40);
  return recording;
}

import { randomBytes } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBeginning } from "./test.ts";

const RIFF_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;

/**
 * A recording of some megabytes with a few seconds of speech: a chunk that players skip stands before
 * the sound, so that it is long to send and short to transcribe.
 */
export function writeLongRecording(name: string, sizeBytes: number, seconds = 4): string {
  const speech = readBeginning(seconds);
  const filling = sizeBytes - speech.length - CHUNK_HEADER_BYTES;
  const header = Buffer.alloc(CHUNK_HEADER_BYTES);
  header.write("JUNK", "latin1");
  header.writeUInt32LE(filling, 4);
  const whole = Buffer.concat([
    speech.subarray(0, RIFF_HEADER_BYTES),
    header,
    randomBytes(filling),
    speech.subarray(RIFF_HEADER_BYTES),
  ]);
  whole.writeUInt32LE(whole.length - CHUNK_HEADER_BYTES, 4);
  const path = join(mkdtempSync(join(tmpdir(), "transcriber-e2e-file-")), name);
  writeFileSync(path, whole);
  return path;
}

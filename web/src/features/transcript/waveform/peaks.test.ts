import { expect, test } from "vitest";
import { measureBars, readPeaksFile } from "./peaks";

/** A file in audiowaveform's binary format, version 2. */
function writeFile(pairs: number[]): ArrayBuffer {
  const bytes = new ArrayBuffer(24 + pairs.length);
  const header = new DataView(bytes);
  [2, 1, 16_000, 320, pairs.length / 2, 1].forEach((value, place) => {
    header.setInt32(4 * place, value, true);
  });
  new Int8Array(bytes, 24).set(pairs);
  return bytes;
}

test("pairs have their time and the loudest of all", () => {
  const peaks = readPeaksFile(writeFile([-3, 4, -120, 11]));
  expect(peaks.secondsPerPair).toBe(0.02);
  expect([...peaks.pairs]).toEqual([-3, 4, -120, 11]);
  expect(peaks.loudest).toBe(120);
});

test("silence is no division by nothing", () => {
  expect(measureBars(readPeaksFile(writeFile([0, 0])), 0, 0.02, 1)).toEqual([[0, 0]]);
});

test("a bar has the extremes of its time, and nothing lies behind the end", () => {
  const peaks = readPeaksFile(writeFile([-10, 5, -20, 40, -1, 2, -3, 80]));
  expect(measureBars(peaks, 0, 0.08, 2)).toEqual([
    [-0.25, 0.5],
    [-0.0375, 1],
  ]);
  expect(measureBars(peaks, 0.06, 0.14, 4)).toEqual([
    [-0.0375, 1],
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
});

/** How loud a recording is: pairs of its lowest and highest sample, each -127 to 127. */
export interface Peaks {
  secondsPerPair: number;
  pairs: Int8Array;
  /** The highest value of all, either way; at least 1. */
  loudest: number;
}

/** A bar of the waveform, as shares of the loudest: -1 to 1. */
export type Bar = [low: number, high: number];

const HEADER_BYTES = 24;
const SAMPLE_RATE_AT = 8;
const SAMPLES_PER_PAIR_AT = 12;
const LENGTH_AT = 16;

/** Reads audiowaveform's binary format, version 2, with values of eight bits. */
export function readPeaksFile(bytes: ArrayBuffer): Peaks {
  const header = new DataView(bytes, 0, HEADER_BYTES);
  const length = header.getInt32(LENGTH_AT, true);
  const pairs = new Int8Array(bytes, HEADER_BYTES, 2 * length);
  const samplesPerPair = header.getInt32(SAMPLES_PER_PAIR_AT, true);
  const secondsPerPair = samplesPerPair / header.getInt32(SAMPLE_RATE_AT, true);
  const loudest = pairs.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return { secondsPerPair, pairs, loudest };
}

/** The bars of a stretch of time; silence behind the end. */
export function measureBars(peaks: Peaks, from: number, to: number, count: number): Bar[] {
  const { secondsPerPair, pairs, loudest } = peaks;
  const last = pairs.length / 2;
  const toPair = (bar: number) => (from + ((to - from) * bar) / count) / secondsPerPair;
  return Array.from({ length: count }, (_, bar): Bar => {
    const begin = Math.floor(toPair(bar));
    const end = Math.min(last, Math.max(begin + 1, Math.floor(toPair(bar + 1))));
    let low = 0;
    let high = 0;
    for (let pair = begin; pair < end; pair += 1) {
      low = Math.min(low, pairs[2 * pair] ?? 0);
      high = Math.max(high, pairs[2 * pair + 1] ?? 0);
    }
    return [low / loudest, high / loudest];
  });
}

/** Over about so long the shown speed forgets what it was. */
const MEMORY_MS = 6_000;
const SHORTEST_SAMPLE_MS = 400;

/** How fast bytes go, without the jumps between one report and the next. */
export class SpeedMeter {
  #at: number;
  #bytes: number;
  #bytesPerSecond = 0;
  #hasSample = false;

  constructor(now: number, bytes: number) {
    this.#at = now;
    this.#bytes = bytes;
  }

  /** Bytes per second, after a report of how many were sent; 0 while that is not known. */
  note(now: number, bytes: number): number {
    const elapsed = now - this.#at;
    if (elapsed < SHORTEST_SAMPLE_MS) return this.#bytesPerSecond;
    // A chunk that has to be sent again takes bytes back; the line was not faster for it.
    const sample = (Math.max(0, bytes - this.#bytes) * 1_000) / elapsed;
    const weight = this.#hasSample ? 1 - Math.exp(-elapsed / MEMORY_MS) : 1;
    this.#bytesPerSecond += weight * (sample - this.#bytesPerSecond);
    this.#hasSample = true;
    this.#at = now;
    this.#bytes = bytes;
    return this.#bytesPerSecond;
  }
}

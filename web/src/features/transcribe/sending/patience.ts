import { ProblemError } from "@/api/problem";
import type { Clock } from "./clock";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const LONGEST_ASKED_WAIT_MS = 300_000;
/** A request that moves no byte for so long is given up: after a sleep the line may be dead. */
const STALL_MS = 45_000;

/** No answer at all, or one that says "later": worth asking again for as long as it takes. */
const PASSING = new Set([0, 408, 423, 425, 429, 502, 503, 504]);
/** What a line may have done to the bytes; a disk that does so will do it again. */
const SPOILT_ON_THE_WAY = new Set(["checksum_mismatch", "incomplete_chunk"]);
const FEW_TRIES = 5;
const NO_ROOM = 507;

/** One try of something: it ends with the signal, and says by `touch` that it still moves. */
export type Attempt<T> = (signal: AbortSignal, touch: () => void) => Promise<T>;

interface Course {
  signal: AbortSignal;
  /** Hears why it is tried again, and `undefined` once that is over. */
  onHindrance: (error: unknown) => void;
}

/** Tries again what may succeed later, and knows when that is. */
export class Patience {
  readonly #sleepers = new Set<() => void>();

  constructor(
    private readonly clock: Clock,
    private readonly random: () => number = Math.random,
  ) {}

  /** Ends every wait now: the network is back, or somebody asks. */
  wake(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  /** Tries until it succeeds, until it is refused for good, or until the signal. */
  async persist<T>(attempt: Attempt<T>, { signal, onHindrance }: Course): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        const result = await this.#watch(attempt, signal);
        if (failures > 1) onHindrance(undefined);
        return result;
      } catch (error) {
        signal.throwIfAborted();
        const wait = planRetry(error, failures, this.random);
        if (wait === undefined) throw error;
        onHindrance(error);
        await this.pause(wait, signal);
      }
    }
  }

  /** Waits so long, or until `wake`. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        callOff();
        this.#sleepers.delete(end);
        signal.removeEventListener("abort", end);
        if (signal.aborted) reject(signal.reason as Error);
        else resolve();
      };
      const callOff = this.clock.after(milliseconds, end);
      this.#sleepers.add(end);
      signal.addEventListener("abort", end);
      if (signal.aborted) end();
    });
  }

  async #watch<T>(attempt: Attempt<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const controller = new AbortController();
    const stop = () => {
      controller.abort(signal.reason);
    };
    signal.addEventListener("abort", stop);
    const stall = new ProblemError(0, "stalled", "");
    let callOff = (): void => undefined;
    const touch = () => {
      callOff();
      callOff = this.clock.after(STALL_MS, () => {
        controller.abort(stall);
      });
    };
    touch();
    try {
      return await attempt(controller.signal, touch);
    } catch (error) {
      throw controller.signal.reason === stall ? stall : error;
    } finally {
      callOff();
      signal.removeEventListener("abort", stop);
    }
  }
}

/** How long to wait after so many failures in a row; undefined when there is no use in it. */
export function planRetry(
  error: unknown,
  failures: number,
  random: () => number,
): number | undefined {
  if (!(error instanceof ProblemError) || failures >= countTries(error)) return undefined;
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
  const asked = Math.min(LONGEST_ASKED_WAIT_MS, (error.retryAfterSeconds ?? 0) * 1_000);
  // Browsers that lost one service would otherwise all come back to it in the same moment.
  return Math.max(asked, longest * (0.5 + random() / 2));
}

function countTries({ status, code }: ProblemError): number {
  if (PASSING.has(status)) return Number.POSITIVE_INFINITY;
  const isWorthAFew = (status >= 500 && status !== NO_ROOM) || SPOILT_ON_THE_WAY.has(code);
  return isWorthAFew ? FEW_TRIES : 1;
}

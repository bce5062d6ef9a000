/** Time in milliseconds, as sending needs it. */
export interface Clock {
  now: () => number;
  /** Calls back after so long; what it gives calls that off. */
  after: (milliseconds: number, callback: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, callback) => {
    const timer = setTimeout(callback, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};

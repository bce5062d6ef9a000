import type { Row } from "./lines";

export interface Times {
  start: number | undefined;
  end: number | undefined;
}

export type TimeFault =
  | { field: "start" | "end"; fault: "badTime" }
  | { field: "end"; fault: "endFirst" }
  | { field: "start" | "end"; fault: "tooEarly" | "behindNext" | "tooLate"; time: number };

interface Limits {
  before: Row;
  next: Row;
  duration: number;
}

/** Why a segment cannot have these times; segments may overlap, but begin in their order. */
export function findTimeFault({ start, end }: Times, limits: Limits): TimeFault | undefined {
  const { before, next, duration } = limits;
  if (start === undefined) return { field: "start", fault: "badTime" };
  if (end === undefined) return { field: "end", fault: "badTime" };
  if (before && start < before.start) {
    return { field: "start", fault: "tooEarly", time: before.start };
  }
  if (next && start > next.start) return { field: "start", fault: "behindNext", time: next.start };
  if (end < start) return { field: "end", fault: "endFirst" };
  if (end > duration) return { field: "end", fault: "tooLate", time: duration };
  return undefined;
}

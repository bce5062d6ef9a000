import type { ExportTranscriptData } from "@/api/generated";

type ExportQuery = NonNullable<ExportTranscriptData["query"]>;

export type LimitName = Extract<keyof ExportQuery, `max_${string}` | `min_${string}`>;
export type Limits = Record<LimitName, number>;

interface Bounds {
  usual: number;
  min: number;
  max: number;
  step: number;
  /** Digits after the point. */
  decimals: number;
}

/** The service's own defaults and bounds. */
export const limitBounds: Record<LimitName, Bounds> = {
  max_line_length: { usual: 42, min: 10, max: 500, step: 1, decimals: 0 },
  max_line_count: { usual: 2, min: 1, max: 10, step: 1, decimals: 0 },
  max_characters_per_second: { usual: 17, min: 1, max: 1000, step: 1, decimals: 1 },
  min_cue_seconds: { usual: 0.833, min: 0.001, max: 10, step: 0.1, decimals: 3 },
  max_cue_seconds: { usual: 7, min: 0.001, max: 3600, step: 0.5, decimals: 3 },
  min_gap_seconds: { usual: 0.083, min: 0, max: 5, step: 0.01, decimals: 3 },
};

export const limitNames = Object.keys(limitBounds) as LimitName[];

export const usualLimits = mapLimits((name) => limitBounds[name].usual);

/** Limits that were kept; one that is missing or out of bounds is as usual. */
export function readLimits(kept: Record<string, unknown>): Limits {
  return mapLimits((name) => (isWithin(name, kept[name]) ? kept[name] : limitBounds[name].usual));
}

export function isWithin(name: LimitName, value: unknown): value is number {
  const { min, max } = limitBounds[name];
  return typeof value === "number" && value >= min && value <= max;
}

function mapLimits(valueOf: (name: LimitName) => number): Limits {
  return Object.fromEntries(limitNames.map((name) => [name, valueOf(name)])) as Limits;
}

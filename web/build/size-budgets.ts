/** Bytes of compressed JavaScript that a browser fetches before the first screen. */
export const INITIAL_BYTES = 200_000;

/**
 * The same for what a part adds when it is opened, by the feature that it belongs to.  What several
 * screens share counts for each: people may arrive at any of them.
 */
const FEATURE_BYTES: Record<string, number> = {
  account: 110_000,
  admin: 240_000,
  library: 110_000,
  transcribe: 110_000,
  transcript: 170_000,
};

/** Of any other part. */
const OTHER_BYTES = 100_000;

/** The budget of the part that begins with a module. */
export function findBudget(module: string): number {
  const feature = /\/src\/features\/([^/]+)\//.exec(module)?.[1];
  return FEATURE_BYTES[feature ?? ""] ?? OTHER_BYTES;
}

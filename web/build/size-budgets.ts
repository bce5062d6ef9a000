/** Bytes of compressed JavaScript that a browser fetches before the first screen. */
export const INITIAL_BYTES = 200_000;

/** The same for what is fetched when a part is opened, by the feature that it belongs to. */
const FEATURE_BYTES: Record<string, number> = {
  admin: 160_000,
  transcript: 120_000,
};

/** Of any other part that is fetched on demand. */
const OTHER_BYTES = 60_000;

/** The budget of the part that begins with a module. */
export function findBudget(module: string): number {
  const feature = /\/src\/features\/([^/]+)\//.exec(module)?.[1];
  return FEATURE_BYTES[feature ?? ""] ?? OTHER_BYTES;
}

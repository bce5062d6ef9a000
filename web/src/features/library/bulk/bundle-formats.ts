import type { BundleRequest } from "@/api/generated";

export type BundleFormat = NonNullable<BundleRequest["format"]>;

/** In the order of the choice; the type fails to compile when the service learns another format. */
const order: Record<BundleFormat, number> = {
  txt: 0,
  docx: 1,
  pdf: 2,
  srt: 3,
  vtt: 4,
  csv: 5,
  tsv: 6,
  json: 7,
};

export const bundleFormats = (Object.keys(order) as BundleFormat[]).sort(
  (one, other) => order[one] - order[other],
);

/** How many transcripts one request may name. */
export const MAX_BUNDLE = 1000;

import type { ChunkRange, UploadRead } from "@/api/generated";

/** Every number of the ranges, in their order. */
export function listNumbers(ranges: readonly ChunkRange[]): number[] {
  return ranges.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, index) => first + index),
  );
}

/**
 * The first and the last chunk that the service has: sent again, they show whether a file is the
 * one that was begun, because other bytes are refused.
 */
export function listProofs({ missing, chunk_count: count }: UploadRead): number[] {
  const isMissing = (number: number) =>
    missing.some(({ first, last }) => first <= number && number <= last);
  const numbers = Array.from({ length: count }, (_, number) => number);
  const first = numbers.find((number) => !isMissing(number));
  const last = numbers.findLast((number) => !isMissing(number));
  return [first, last].filter(
    (number, index, all): number is number => number !== undefined && all.indexOf(number) === index,
  );
}

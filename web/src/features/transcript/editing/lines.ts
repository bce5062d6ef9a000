import type { SegmentRead } from "@/api/generated";

/**
 * A segment as this page knows it.  Its `index` is the page's name for it: the service's when it was
 * read, kept here while the content changes, and negative for segments that were made on this page.
 * `Names` knows the service's.
 */
export type Line = SegmentRead;

/** Scripts that write their words without spaces between them, as the service sees it. */
const UNSPACED =
  /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/u;

/** A line, or nothing where it was not loaded yet. */
export type Row = Line | undefined;

export function findLine(rows: readonly Row[], name: number): Line | undefined {
  return rows.find((row) => row?.index === name);
}

export function isLine(row: Row): row is Line {
  return row !== undefined;
}

/** The text as the service keeps it: one line, composed characters, single spaces. */
export function tidyText(text: string): string {
  return text.normalize("NFC").trim().replace(/\s+/g, " ");
}

/** Characters as the service counts them: one for each, also beyond the basic plane. */
export function countCharacters(text: string): number {
  return Array.from(text).length;
}

export function sliceCharacters(text: string, start: number, end?: number): string {
  return Array.from(text).slice(start, end).join("");
}

/** The space that two joined texts need between them, or none. */
export function jointOf(before: string, after: string): string {
  const last = Array.from(before).at(-1);
  const first = Array.from(after)[0];
  if (last === undefined || first === undefined) return "";
  return UNSPACED.test(last) && UNSPACED.test(first) ? "" : " ";
}

/** Whether a reader would see no difference; names and confidence aside. */
export function isSameContent(one: Line, other: Line): boolean {
  return (
    one.text === other.text &&
    one.speaker === other.speaker &&
    one.start === other.start &&
    one.end === other.end
  );
}

/** Times as the service keeps them, to the millisecond. */
export function roundSeconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

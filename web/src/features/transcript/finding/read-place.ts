import type { SegmentRead } from "@/api/generated";

/** What the header and the toolbar cover of the page, in pixels. */
const COVERED_ABOVE = 120;

/** When the first segment begins that is on the screen; 0 where none is. */
export function readPlace(rows: readonly (SegmentRead | undefined)[]): number {
  const elements = [...document.querySelectorAll<HTMLElement>("[data-segment]")];
  const first = elements.find((each) => each.getBoundingClientRect().bottom > COVERED_ABOVE);
  const index = Number(first?.dataset["segment"]);
  return rows.find((each) => each?.index === index)?.start ?? 0;
}

import { useEffect } from "react";
import type { Match } from "./matches";

/*
 * What was found is painted by the browser's own highlights, which need no element around it: the
 * rows of the text know nothing of the search.  A browser without them shows the row alone.
 */

/** The names that the stylesheet paints. */
const FOUND = "found";
const FOUND_HERE = "found-here";

/** Paints all matches on the screen, and the current one in its own way. */
export function useHighlights(matches: readonly Match[], current: Match | undefined): void {
  useEffect(() => {
    if (typeof CSS === "undefined" || !("highlights" in CSS)) return;
    const bySegment = groupBySegment(matches);
    let frame = 0;
    const paint = () => {
      const ranges: Range[] = [];
      const here: Range[] = [];
      for (const row of document.querySelectorAll<HTMLElement>("[data-segment]")) {
        for (const match of bySegment.get(Number(row.dataset["segment"])) ?? []) {
          const range = findRange(row, match);
          if (range) (match === current ? here : ranges).push(range);
        }
      }
      CSS.highlights.set(FOUND, new Highlight(...ranges));
      CSS.highlights.set(FOUND_HERE, new Highlight(...here));
    };
    // Rows come and go with scrolling, and their words with corrections.
    const observer = new MutationObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(paint);
    });
    observer.observe(document.body, { childList: true, characterData: true, subtree: true });
    paint();
    return () => {
      observer.disconnect();
      cancelAnimationFrame(frame);
      CSS.highlights.delete(FOUND);
      CSS.highlights.delete(FOUND_HERE);
    };
  }, [matches, current]);
}

function groupBySegment(matches: readonly Match[]): Map<number, Match[]> {
  const groups = new Map<number, Match[]>();
  for (const match of matches) {
    const group = groups.get(match.segment.index);
    if (group) group.push(match);
    else groups.set(match.segment.index, [match]);
  }
  return groups;
}

/** The match within the row's text; nothing where the row shows another text, such as an editor. */
function findRange(row: HTMLElement, { segment, offset, length }: Match): Range | undefined {
  const text = row.querySelector("p[lang]");
  if (text?.textContent !== segment.text) return undefined;
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  let passed = 0;
  let isBegun = false;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const end = passed + (node.textContent?.length ?? 0);
    if (!isBegun && offset < end) {
      range.setStart(node, offset - passed);
      isBegun = true;
    }
    if (isBegun && offset + length <= end) {
      range.setEnd(node, offset + length - passed);
      return range;
    }
    passed = end;
  }
  return undefined;
}

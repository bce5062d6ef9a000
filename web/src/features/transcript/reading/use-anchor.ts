import type { Virtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef } from "react";
import type { Row } from "../segments/find-row";

type List = Virtualizer<Window, Element>;

/**
 * Keeps what is being read where it is while segments come and go above of it, as they do when the
 * text is corrected or another revision is read.
 */
export function useAnchor(list: List, rows: readonly Row[]): void {
  const anchor = useRef<{ rows: readonly Row[]; index: number; distance: number }>(undefined);
  useLayoutEffect(() => {
    const before = anchor.current;
    const offset = list.scrollOffset ?? 0;
    if (before && before.rows !== rows && before.rows.length !== rows.length) {
      const row = rows.findIndex((each) => each?.index === before.index);
      const start = list.measurementsCache[row]?.start;
      if (start !== undefined) list.scrollToOffset(start + before.distance);
    }
    const first = list.getVirtualItemForOffset(offset);
    const segment = first && rows[first.index];
    anchor.current =
      first && segment ? { rows, index: segment.index, distance: offset - first.start } : undefined;
  });
}

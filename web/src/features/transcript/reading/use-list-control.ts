import { defaultRangeExtractor, type Range, type Virtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { useTranscript } from "../TranscriptContext";
import type { Showing } from "./list-control";
import { rowOf } from "./use-list-input";

const FLASH_MS = 2_500;

/** Does what `ListControl` is asked for, and follows the focus from row to row. */
export function useListControl(
  root: RefObject<HTMLElement | null>,
  list: Virtualizer<Window, Element>,
  setReachable: (row: number) => void,
): void {
  const { list: control } = useTranscript();
  /** Rows that shall have the focus or a flash once they are there. */
  const waiting = useRef<{ row: number; how: Showing }>(undefined);

  useEffect(
    () =>
      control.attach((row, how) => {
        if (how.isSmooth && isInView(list, row)) return;
        const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
        const behavior = how.isSmooth && !isStill && isNear(list, row) ? "smooth" : "auto";
        waiting.current = { row, how };
        if (how.hasFocus) setReachable(row);
        list.scrollToIndex(row, { align: how.hasFocus ? "auto" : "center", behavior });
        settle(root.current, waiting);
      }),
    [control, list, root, setReachable],
  );

  useLayoutEffect(() => {
    settle(root.current, waiting);
  });

  useEffect(() => {
    const element = root.current;
    const onFocus = ({ target }: FocusEvent) => {
      if (target instanceof Element) setReachable(rowOf(target));
    };
    element?.addEventListener("focusin", onFocus);
    return () => {
      element?.removeEventListener("focusin", onFocus);
    };
  }, [root, setReachable]);
}

/** The rows to render: what is near the screen, and one more that must not vanish. */
export function keepRow(range: Range, kept: number): number[] {
  const rows = defaultRangeExtractor(range);
  if (kept < 0 || kept >= range.count || rows.includes(kept)) return rows;
  return [...rows, kept].sort((one, other) => one - other);
}

function settle(
  root: HTMLElement | null,
  waiting: RefObject<{ row: number; how: Showing } | undefined>,
): void {
  if (!root || !waiting.current) return;
  const { row, how } = waiting.current;
  const item = root.querySelector(`[data-index="${row}"][data-segment]`);
  if (!item) return;
  waiting.current = undefined;
  if (how.hasFocus) item.querySelector<HTMLElement>("[data-play]")?.focus({ preventScroll: true });
  if (!how.hasFlash) return;
  item.setAttribute("data-flash", "true");
  setTimeout(() => {
    item.removeAttribute("data-flash");
  }, FLASH_MS);
}

/** Whether following what is played needs no scrolling yet: it would only be unrest. */
function isInView(list: Virtualizer<Window, Element>, row: number): boolean {
  const item = list.measurementsCache[row];
  const { scrollPaddingStart, scrollPaddingEnd } = list.options;
  const top = list.scrollOffset ?? 0;
  const bottom = top + (list.scrollRect?.height ?? 0);
  return (
    item !== undefined &&
    item.start >= top + scrollPaddingStart &&
    item.end <= bottom - scrollPaddingEnd
  );
}

/** A smooth way through hours of text would take too long to be one. */
function isNear(list: Virtualizer<Window, Element>, row: number): boolean {
  const first = list.range?.startIndex ?? 0;
  const last = list.range?.endIndex ?? 0;
  return row >= first - 20 && row <= last + 20;
}

import { type RefObject, useEffect } from "react";
import { useTranscript } from "../TranscriptContext";

/** Rows that a page key goes on by. */
const PAGE = 10;

/**
 * Hears clicks and keys for all rows at once.  A click on a word or on a time plays from there.
 * Arrows up and down go from row to row, right and left from word to word; Enter plays from the
 * row or the word that has the focus.
 */
export function useListInput(root: RefObject<HTMLElement | null>): void {
  const { segments, player, list } = useTranscript();
  useEffect(() => {
    const element = root.current;
    if (!element) return undefined;
    const rowsOf = () => segments.getSnapshot().rows;

    const playFrom = (target: Element): boolean => {
      const segment = rowsOf()[rowOf(target)];
      if (!segment) return false;
      const word = target.closest("[data-word]")?.getAttribute("data-word") ?? null;
      const start = word === null ? segment.start : segment.words[Number(word)]?.start;
      player.seek(start ?? segment.start);
      player.play();
      return true;
    };
    const onClick = ({ target }: MouseEvent) => {
      if (!(target instanceof Element) || !target.closest("[data-word], [data-play]")) return;
      // Somebody marks words to copy them.
      if (target.closest("[data-word]") && document.getSelection()?.isCollapsed === false) return;
      playFrom(target);
    };
    const onKey = (event: KeyboardEvent) => {
      const { target, key } = event;
      if (!(target instanceof HTMLElement) || event.ctrlKey || event.altKey || event.metaKey)
        return;
      const isWord = target.matches("[data-word]");
      if (!isWord && !target.matches("[data-play]")) return;
      const row = rowAfter(key, rowOf(target), rowsOf().length);
      if (row !== undefined) list.show(row, { hasFocus: true });
      else if (key === "ArrowRight" || key === "ArrowLeft") moveToWord(target, key);
      else if (!isWord || (key !== "Enter" && key !== " ") || !playFrom(target)) return;
      event.preventDefault();
    };
    element.addEventListener("click", onClick);
    element.addEventListener("keydown", onKey);
    return () => {
      element.removeEventListener("click", onClick);
      element.removeEventListener("keydown", onKey);
    };
  }, [root, segments, player, list]);
}

/** The number of the row that an element is in; -1 where it is in none. */
export function rowOf(element: Element): number {
  return Number(element.closest("[data-index]")?.getAttribute("data-index") ?? -1);
}

function rowAfter(key: string, row: number, count: number): number | undefined {
  const targets: Record<string, number> = {
    ArrowUp: row - 1,
    ArrowDown: row + 1,
    PageUp: row - PAGE,
    PageDown: row + PAGE,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.max(0, Math.min(count - 1, target));
}

/** Words take the focus one at a time, and none of them lies in the way of Tab. */
function moveToWord(from: HTMLElement, key: "ArrowLeft" | "ArrowRight"): void {
  const row = from.closest("[data-index]");
  const stops = [...(row?.querySelectorAll<HTMLElement>("[data-play], [data-word]") ?? [])];
  const isForward = (key === "ArrowRight") === (getComputedStyle(from).direction !== "rtl");
  const next = stops[stops.indexOf(from) + (isForward ? 1 : -1)];
  if (!next) return;
  if (next.matches("[data-word]")) next.tabIndex = -1;
  next.focus({ preventScroll: false });
}

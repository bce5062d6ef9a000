import { type RefObject, useEffect } from "react";
import type { Player } from "../player/player";

/** A press on the element, and a drag over it, moves the player there. */
export function useScrub(
  element: RefObject<HTMLElement | null>,
  player: Player,
  /** The stretch of time that the element shows. */
  readRange: () => [from: number, to: number],
): void {
  useEffect(() => {
    const area = element.current;
    if (!area) return undefined;
    let range: [number, number] | undefined;
    const seek = ({ clientX }: PointerEvent) => {
      if (!range) return;
      const { left, width } = area.getBoundingClientRect();
      const share = width > 0 ? Math.min(1, Math.max(0, (clientX - left) / width)) : 0;
      player.seek(range[0] + share * (range[1] - range[0]));
    };
    const begin = (event: PointerEvent) => {
      if (event.button !== 0) return;
      // What is shown may move on meanwhile; the hand keeps to what it took hold of.
      range = readRange();
      area.setPointerCapture(event.pointerId);
      seek(event);
    };
    const end = () => {
      range = undefined;
    };
    area.addEventListener("pointerdown", begin);
    area.addEventListener("pointermove", seek);
    area.addEventListener("pointerup", end);
    area.addEventListener("pointercancel", end);
    return () => {
      area.removeEventListener("pointerdown", begin);
      area.removeEventListener("pointermove", seek);
      area.removeEventListener("pointerup", end);
      area.removeEventListener("pointercancel", end);
    };
  }, [element, player, readRange]);
}

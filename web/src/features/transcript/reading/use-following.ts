import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import { useTranscript } from "../TranscriptContext";
import { CurrentWord } from "./current-word";

const scrollingKeys = new Set(["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown"]);

/** Marks what is played, and keeps it in view until the reader scrolls elsewhere. */
export function useFollowing(root: RefObject<HTMLElement | null>): void {
  const { segments, player, list, isFollowing } = useTranscript();
  const mark = useRef<CurrentWord>(null);

  useEffect(() => {
    if (!root.current) return undefined;
    const current = new CurrentWord(root.current, segments, (row) => {
      if (isFollowing.get() && player.state.get().isPlaying) list.show(row, { isSmooth: true });
    });
    mark.current = current;
    const stops = [
      player.onTime(current.follow),
      segments.subscribe(() => {
        current.follow(player.time());
      }),
    ];
    return () => {
      mark.current = null;
      for (const stop of stops) stop();
    };
  }, [root, segments, player, list, isFollowing]);

  // Rows that were rendered anew have no mark yet.
  useLayoutEffect(() => {
    mark.current?.refresh();
  });

  useEffect(() => {
    // Whoever moves the page wants to read elsewhere; "Follow" leads back.
    const stop = () => {
      if (player.state.get().isPlaying) isFollowing.set(false);
    };
    const onKey = ({ key, target }: KeyboardEvent) => {
      const isWidget = target instanceof Element && target.closest("[role=slider], [role=menu]");
      if (scrollingKeys.has(key) && !isWidget) stop();
    };
    // A press on the page itself, beside all elements, is one on its scroll bar.
    const onPress = ({ target }: PointerEvent) => {
      if (target === document.documentElement) stop();
    };
    window.addEventListener("wheel", stop, { passive: true });
    window.addEventListener("touchmove", stop, { passive: true });
    window.addEventListener("keydown", onKey);
    window.addEventListener("pointerdown", onPress);
    return () => {
      window.removeEventListener("wheel", stop);
      window.removeEventListener("touchmove", stop);
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("pointerdown", onPress);
    };
  }, [player, isFollowing]);
}

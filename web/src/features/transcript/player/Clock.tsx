import { useEffect, useRef } from "react";
import { useObservable } from "@/lib/observable";
import { formatClock } from "@/lib/quantities";
import type { Player } from "./player";
import classes from "./Clock.module.css";

/** Where one is, and how long all of it is; written each second without rendering. */
export function Clock({ player }: { player: Player }) {
  const { duration } = useObservable(player.state);
  const now = useRef<HTMLSpanElement>(null);
  useEffect(
    () =>
      player.onTime((seconds) => {
        const text = formatClock(seconds);
        if (now.current && now.current.textContent !== text) now.current.textContent = text;
      }),
    [player],
  );
  return (
    <span className={classes["clock"]} dir="ltr">
      <span ref={now} /> <span className={classes["whole"]}>/ {formatClock(duration)}</span>
    </span>
  );
}

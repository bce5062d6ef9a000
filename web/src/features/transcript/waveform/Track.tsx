import { type ReactNode, useEffect, useLayoutEffect, useRef } from "react";
import type { Player } from "../player/player";
import type { Peaks } from "./peaks";
import { useWidth } from "./use-width";
import { WaveCanvas } from "./WaveCanvas";
import classes from "./Track.module.css";

interface TrackProps {
  player: Player;
  /** Without them it is a plain bar. */
  peaks: Peaks | undefined;
  from: number;
  to: number;
  height: number;
  children?: ReactNode;
}

/** A stretch of the recording with what was played of it; it moves without rendering. */
export function Track({ player, peaks, from, to, height, children }: TrackProps) {
  const root = useRef<HTMLDivElement>(null);
  const played = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const wave = { peaks, from, to, width, height };

  useEffect(
    () =>
      player.onTime((seconds) => {
        if (!played.current || !head.current) return;
        const share = Math.min(1, Math.max(0, (seconds - from) / (to - from)));
        played.current.style.clipPath = `inset(0 ${100 - share * 100}% 0 0)`;
        head.current.style.transform = `translateX(${share * width}px)`;
      }),
    [player, from, to, width],
  );
  useLayoutEffect(() => {
    if (root.current) root.current.style.height = `${height}px`;
  }, [height]);

  return (
    <div ref={root} className={classes["track"]} data-plain={!peaks || undefined}>
      {children}
      <div className={classes["whole"]}>
        {peaks && width > 0 && <WaveCanvas {...wave} peaks={peaks} part="whole" />}
      </div>
      <div ref={played} className={classes["played"]}>
        {peaks && width > 0 && <WaveCanvas {...wave} peaks={peaks} part="played" />}
      </div>
      <div ref={head} className={classes["head"]} />
    </div>
  );
}

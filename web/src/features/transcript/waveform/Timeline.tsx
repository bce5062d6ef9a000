import { type KeyboardEvent, useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { formatClock } from "@/lib/quantities";
import { useObservable } from "@/lib/observable";
import type { Player } from "../player/player";
import { CloseView } from "./CloseView";
import { Track } from "./Track";
import { usePeaks } from "./use-peaks";
import { useScrub } from "./use-scrub";
import classes from "./Timeline.module.css";

interface TimelineProps {
  player: Player;
  recordingId: string;
  hasPeaks: boolean;
}

const STEP_SECONDS = 5;
const PAGE_SECONDS = 60;
/** A longer recording gets a close view above the whole. */
const LONG_SECONDS = 120;
const TALL = 56;
const LOW = 26;

/** Where in the recording one is, to see and to change. */
export function Timeline({ player, recordingId, hasPeaks }: TimelineProps) {
  const { t } = useTranslation();
  const { duration } = useObservable(player.state);
  const { overview, close } = usePeaks(recordingId, duration, hasPeaks);
  const slider = useRef<HTMLDivElement>(null);
  const isLong = duration > LONG_SECONDS && overview !== undefined;
  const readRange = useCallback((): [number, number] => [0, duration], [duration]);
  useScrub(slider, player, readRange);

  // Told to screen readers by the second, without rendering.
  useEffect(() => {
    let told = -1;
    return player.onTime((seconds) => {
      const whole = Math.floor(seconds);
      if (whole === told || !slider.current) return;
      told = whole;
      slider.current.setAttribute("aria-valuenow", String(whole));
      const [at, of] = [formatClock(whole), formatClock(duration)];
      slider.current.setAttribute("aria-valuetext", t("player.positionText", { at, of }));
    });
  }, [player, duration, t]);

  const onKeyDown = (event: KeyboardEvent) => {
    const target = seekTarget(event.key, player.time(), duration);
    if (target === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    player.seek(target);
  };
  return (
    <div className={classes["timeline"]} dir="ltr">
      {isLong && close && <CloseView player={player} peaks={close} height={TALL} />}
      <div
        ref={slider}
        role="slider"
        tabIndex={0}
        aria-label={t("player.position")}
        aria-valuemin={0}
        aria-valuemax={Math.floor(duration)}
        aria-valuenow={0}
        className={classes["slider"]}
        onKeyDown={onKeyDown}
      >
        <Track
          player={player}
          peaks={overview}
          from={0}
          to={duration}
          height={isLong || !overview ? LOW : TALL}
        />
      </div>
    </div>
  );
}

function seekTarget(key: string, now: number, duration: number): number | undefined {
  const targets: Record<string, number> = {
    ArrowRight: now + STEP_SECONDS,
    ArrowUp: now + STEP_SECONDS,
    ArrowLeft: now - STEP_SECONDS,
    ArrowDown: now - STEP_SECONDS,
    PageUp: now + PAGE_SECONDS,
    PageDown: now - PAGE_SECONDS,
    Home: 0,
    End: duration,
  };
  return targets[key];
}

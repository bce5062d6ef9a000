import { useCallback, useEffect, useRef, useState } from "react";
import { findRowNear } from "../segments/find-row";
import type { Player } from "../player/player";
import { useTranscript } from "../TranscriptContext";
import type { Peaks } from "./peaks";
import { Track } from "./Track";
import { useScrub } from "./use-scrub";
import { useWidth } from "./use-width";
import classes from "./CloseView.module.css";

interface CloseViewProps {
  player: Player;
  peaks: Peaks;
  height: number;
}

const PIXELS_PER_SECOND = 15;
const LEAST_SECONDS = 10;

/** Some seconds around the present one, with the segment that is played; turned like a page. */
export function CloseView({ player, peaks, height }: CloseViewProps) {
  const { segments } = useTranscript();
  const root = useRef<HTMLDivElement>(null);
  const region = useRef<HTMLDivElement>(null);
  const width = useWidth(root);
  const span = Math.max(LEAST_SECONDS, Math.round(width / PIXELS_PER_SECOND));
  const [page, setPage] = useState(0);
  const from = page * span;

  useEffect(() => {
    let row = -1;
    return player.onTime((seconds) => {
      setPage(Math.floor(seconds / span));
      const { rows } = segments.getSnapshot();
      row = findRowNear(rows, seconds, row);
      const segment = rows[row];
      if (!region.current) return;
      region.current.hidden = !segment || seconds > segment.end;
      if (!segment) return;
      const left = ((segment.start - from) / span) * 100;
      region.current.style.left = `${left}%`;
      region.current.style.width = `${((segment.end - segment.start) / span) * 100}%`;
    });
  }, [player, segments, span, from]);
  const readRange = useCallback((): [number, number] => [from, from + span], [from, span]);
  useScrub(root, player, readRange);

  return (
    <div ref={root} className={classes["view"]}>
      <Track player={player} peaks={peaks} from={from} to={from + span} height={height}>
        <div ref={region} className={classes["region"]} hidden />
      </Track>
    </div>
  );
}

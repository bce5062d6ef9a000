import { Skeleton } from "@mantine/core";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { DroppedRead, SegmentRead } from "@/api/generated";
import { formatClock } from "@/lib/quantities";
import { isDoubtful } from "../passages";
import type { Row } from "../segments/find-row";
import { DroppedText } from "./DroppedText";
import { SegmentText } from "./SegmentText";
import type { SegmentSlots } from "./slots";
import classes from "./SegmentRow.module.css";

interface SegmentRowProps extends SegmentSlots {
  segment: Row;
  row: number;
  /** Whether somebody else speaks than in the row before. */
  isOtherSpeaker: boolean;
  dropped: readonly DroppedRead[];
  language: string;
  hasTimes: boolean;
  /** Whether Tab comes to this row. */
  isReachable: boolean;
}

/** One segment as it is read; the row's button plays it. */
export const SegmentRow = memo(function SegmentRow(props: SegmentRowProps) {
  const { segment, row, dropped, language, hasTimes, isReachable } = props;
  const { t } = useTranslation();
  if (!segment) return <Skeleton className={classes["skeleton"]} />;
  const isMarked = isDoubtful(segment);
  const time = formatClock(segment.start);
  return (
    <div className={classes["row"]} data-times={hasTimes || undefined}>
      <button
        type="button"
        data-play
        tabIndex={isReachable ? 0 : -1}
        className={classes["time"]}
        aria-label={t("reading.playFrom", { time })}
      >
        {time}
      </button>
      <div className={classes["body"]} data-doubtful={isMarked || undefined}>
        {props.isOtherSpeaker && <Speaker {...props} segment={segment} />}
        {props.renderSegment?.(segment, row) ?? (
          <SegmentText segment={segment} language={language} />
        )}
        {isMarked && <span className={classes["label"]}>{t("transcript.doubtful")}</span>}
        {dropped.map((each) => (
          <DroppedText key={`${each.start}-${each.reason}`} dropped={each} />
        ))}
      </div>
      {props.renderActions && (
        <div className={classes["actions"]}>{props.renderActions(segment, row)}</div>
      )}
    </div>
  );
});

function Speaker({ segment, row, renderSpeaker }: SegmentRowProps & { segment: SegmentRead }) {
  if (renderSpeaker) return renderSpeaker(segment, row);
  if (segment.speaker === null) return null;
  return <p className={classes["speaker"]}>{segment.speaker}</p>;
}

import { useTranslation } from "react-i18next";
import type { DroppedRead, SegmentRead } from "@/api/generated";
import { formatClock } from "@/lib/quantities";
import { type Passage, startOf } from "./passages";
import classes from "./PassageList.module.css";

interface PassageListProps {
  passages: readonly Passage[];
  language: string;
  hasTimes: boolean;
}

/** The text in the order of time. */
export function PassageList({ passages, language, hasTimes }: PassageListProps) {
  const { t } = useTranslation();
  if (passages.length === 0) return null;
  return (
    <ol
      className={classes["list"]}
      aria-label={t("transcript.text")}
      data-times={hasTimes || undefined}
    >
      {passages.map((passage) => (
        <li key={`${passage.kind}-${keyOf(passage)}`} className={classes["passage"]}>
          {hasTimes && <span className={classes["time"]}>{formatClock(startOf(passage))}</span>}
          {passage.kind === "segment" ? (
            <SegmentText
              segment={passage.segment}
              language={language}
              isDoubtful={passage.isDoubtful}
            />
          ) : (
            <DroppedText dropped={passage.dropped} />
          )}
        </li>
      ))}
    </ol>
  );
}

interface SegmentTextProps {
  segment: SegmentRead;
  language: string;
  isDoubtful: boolean;
}

function SegmentText({ segment, language, isDoubtful }: SegmentTextProps) {
  const { t } = useTranslation();
  if (!isDoubtful) {
    return (
      <p lang={language} dir="auto" className={classes["text"]}>
        {segment.text}
      </p>
    );
  }
  return (
    <p dir="auto" className={classes["text"]}>
      <mark lang={language} className={classes["doubtful"]}>
        {segment.text}
      </mark>{" "}
      <span className={classes["label"]}>{t("transcript.doubtful")}</span>
    </p>
  );
}

function DroppedText({ dropped }: { dropped: DroppedRead }) {
  const { t } = useTranslation();
  return (
    <p className={classes["dropped"]} dir="auto">
      <s>{dropped.text}</s>{" "}
      <span className={classes["label"]}>
        {t("transcript.leftOut", { reason: t(`transcript.droppedReason.${dropped.reason}`) })}
      </span>
    </p>
  );
}

function keyOf(passage: Passage): string {
  const { start, end, text } = passage.kind === "segment" ? passage.segment : passage.dropped;
  return `${start}-${end}-${text.length}`;
}

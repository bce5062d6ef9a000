import { Button } from "@mantine/core";
import { IconCheck, IconPencil, IconRowInsertBottom, IconTrash, IconX } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Tag } from "@/components/ui/Tag";
import { useObservable } from "@/lib/observable";
import { formatClock } from "@/lib/quantities";
import { isDoubtful } from "../passages";
import { useTranscript } from "../TranscriptContext";
import type { ReviewItem } from "./items";
import { useReview } from "./ReviewContext";
import classes from "./ReviewPanel.module.css";

interface ReviewCardProps {
  item: ReviewItem;
  place: number;
  count: number;
}

/** One passage, why it is here, and what can be done about it. */
export function ReviewCard({ item, place, count }: ReviewCardProps) {
  const { t } = useTranslation();
  const queue = useReview();
  const { language } = useTranscript();
  const isReviewed = useObservable(queue.reviewed.keys).has(item.key);
  const text = item.kind === "segment" ? item.segment.text : item.dropped.text;
  const icon = { size: 16, "aria-hidden": true } as const;
  return (
    <section className={classes["card"]} aria-label={t("review.count", { place, count })}>
      <div className={classes["head"]}>
        <strong>{t("review.count", { place, count })}</strong>
        <span className={classes["time"]}>{formatClock(item.start)}</span>
        {isReviewed && <Tag tone="accent">{t("review.reviewed")}</Tag>}
      </div>
      {listReasons(item, t).map((reason) => (
        <p key={reason} className={classes["reason"]}>
          {reason}
        </p>
      ))}
      <p className={classes["text"]} lang={language} dir="auto">
        {text}
      </p>
      <div className={classes["buttons"]}>
        {item.kind === "segment" ? (
          <>
            <Button size="compact-md" leftSection={<IconCheck {...icon} />} onClick={queue.accept}>
              {t("review.accept")}
            </Button>
            <Button
              variant="default"
              size="compact-md"
              leftSection={<IconPencil {...icon} />}
              onClick={queue.correct}
            >
              {t("review.edit")}
            </Button>
            <Button
              variant="default"
              size="compact-md"
              leftSection={<IconTrash {...icon} />}
              onClick={queue.remove}
            >
              {t("review.remove")}
            </Button>
          </>
        ) : (
          <>
            <Button size="compact-md" leftSection={<IconX {...icon} />} onClick={queue.accept}>
              {t("review.ignore")}
            </Button>
            <Button
              variant="default"
              size="compact-md"
              leftSection={<IconRowInsertBottom {...icon} />}
              onClick={queue.insert}
            >
              {t("review.insert")}
            </Button>
          </>
        )}
        {isReviewed && (
          <Button
            variant="subtle"
            size="compact-md"
            onClick={() => {
              queue.reviewed.mark(item.key, false);
            }}
          >
            {t("review.reopen")}
          </Button>
        )}
      </div>
    </section>
  );
}

function listReasons(item: ReviewItem, t: TFunction): string[] {
  if (item.kind === "dropped") {
    const reason = t(`transcript.droppedReason.${item.dropped.reason}`);
    return [t("review.reasonDropped", { reason })];
  }
  const reasons = isDoubtful(item.segment) ? [t("review.reasonSegment")] : [];
  if (item.uncertainWords > 0) {
    reasons.push(t("review.reasonWords", { count: item.uncertainWords }));
  }
  return reasons;
}

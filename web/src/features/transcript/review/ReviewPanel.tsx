import { Button, Progress } from "@mantine/core";
import { IconChecks, IconMoodSmile } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { StatePanel } from "@/components/ui/StatePanel";
import { useObservable } from "@/lib/observable";
import { formatPercent } from "@/lib/quantities";
import { useLanguage } from "@/lib/use-language";
import { useSegments } from "../segments/use-segments";
import { useTranscript } from "../TranscriptContext";
import { listItems } from "./items";
import { ReviewCard } from "./ReviewCard";
import { useReview } from "./ReviewContext";
import classes from "./ReviewPanel.module.css";

/** The passages to look at: how many there are, and the one that is looked at now. */
export function ReviewPanel() {
  const { t } = useTranslation();
  const queue = useReview();
  const { overview, segments } = useTranscript();
  const { revision, rows, loaded } = useSegments(segments);
  const reviewed = useObservable(queue.reviewed.keys);
  const current = useObservable(queue.current);
  const items = useMemo(() => listItems(rows, overview.dropped), [rows, overview.dropped]);
  const done = items.filter((item) => reviewed.has(item.key)).length;
  const place = items.findIndex((item) => item.key === current?.key);
  const shown = items[place];
  const isWhole = revision !== undefined && loaded >= rows.length;
  const isDone = isWhole && done === items.length;

  if (isWhole && items.length === 0) {
    return (
      <StatePanel
        isPart
        icon={<IconMoodSmile />}
        title={t("review.emptyTitle")}
        hint={t("review.emptyHint")}
      />
    );
  }
  return (
    <div className={classes["panel"]}>
      <p className={classes["lead"]}>{t("review.lead")}</p>
      {!isWhole && <Reading />}
      <Progress
        value={items.length === 0 ? 0 : (done / items.length) * 100}
        aria-label={t("review.progressLabel")}
      />
      <p className={classes["count"]} role="status">
        {t("review.progress", { done, count: items.length })}
      </p>
      {shown && <ReviewCard item={shown} place={place + 1} count={items.length} />}
      {isDone && !shown && <StatePanel isPart icon={<IconChecks />} title={t("review.allDone")} />}
      {!isDone && (
        <div className={classes["steps"]}>
          {shown && (
            <Button variant="default" px="xs" onClick={queue.previous}>
              {t("review.previous")}
            </Button>
          )}
          <Button variant={shown ? "default" : "filled"} px="xs" onClick={queue.next}>
            {t(shown ? "review.next" : "review.start")}
          </Button>
        </div>
      )}
      <p className={classes["foot"]}>{t("review.kept")}</p>
    </div>
  );
}

/** How far the text is read, while passages may be missing here. */
function Reading() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { segments } = useTranscript();
  const { rows, loaded, error } = useSegments(segments);
  if (error !== undefined) {
    return (
      <ErrorPanel isPart title={t("reading.partMissing")} error={error} onRetry={segments.start} />
    );
  }
  const share = rows.length === 0 ? 0 : loaded / rows.length;
  return (
    <p className={classes["lead"]} role="status">
      {t("review.loading", { percent: formatPercent(share, language) })}
    </p>
  );
}

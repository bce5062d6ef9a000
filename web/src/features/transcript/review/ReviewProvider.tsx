import { type ReactNode, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useEditing } from "../editing/EditContext";
import { type Shortcut, useShortcuts } from "../shortcuts/shortcuts";
import { useTranscript } from "../TranscriptContext";
import { REVIEW_PANEL, ReviewQueue } from "./queue";
import { ReviewContext } from "./ReviewContext";
import { Reviewed } from "./reviewed";

/** Gives the review queue its place and its keys. */
export function ReviewProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const desk = useEditing();
  const { job, overview, segments, goTo, panel } = useTranscript();
  const [queue] = useState(
    () =>
      new ReviewQueue(new Reviewed(job.id, desk.session), desk, {
        segments,
        goTo,
        dropped: overview.dropped,
        duration: overview.duration_seconds,
      }),
  );
  useEffect(() => queue.reviewed.start(), [queue]);
  const shortcuts = useMemo((): Shortcut[] => {
    const group = "review";
    const within = (act: () => void) => () => {
      panel.set(REVIEW_PANEL);
      act();
    };
    return [
      { id: "review-next", group, keys: ["N"], label: t("review.next"), run: within(queue.next) },
      {
        id: "review-previous",
        group,
        keys: ["P"],
        label: t("review.previous"),
        run: within(queue.previous),
      },
      { id: "review-accept", group, keys: ["A"], label: t("review.accept"), run: queue.accept },
    ];
  }, [t, queue, panel]);
  useShortcuts(shortcuts);
  return <ReviewContext value={queue}>{children}</ReviewContext>;
}

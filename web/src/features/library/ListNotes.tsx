import { Alert, VisuallyHidden } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import type { FeedState } from "@/components/jobs/live/job-feed";
import { describeProblem } from "@/lib/describe-problem";
import { isActive } from "@/lib/jobs";
import classes from "./LibraryScreen.module.css";
import { useJobNews } from "./use-job-news";

interface ListNotesProps {
  /** Why the list could not be asked for again. */
  error: unknown;
  feed: FeedState;
  items: readonly JobRead[];
}

/** How far what is shown can be relied on; and, for those who only hear, what has ended. */
export function ListNotes({ error, feed, items }: ListNotesProps) {
  const { t } = useTranslation();
  const news = useJobNews();
  return (
    <>
      <VisuallyHidden role="status">{news}</VisuallyHidden>
      {error !== null && (
        <Alert color="orange" variant="light" role="alert" className={classes["note"]}>
          {t("library.stale", { reason: describeProblem(error, t) })}
        </Alert>
      )}
      {error === null && feed === "down" && items.some(isActive) && <NotLive />}
    </>
  );
}

const PATIENCE_MS = 5_000;

/** A stream takes a moment to open; only one that stays away is worth a word. */
function NotLive() {
  const { t } = useTranslation();
  const [isLasting, setIsLasting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setIsLasting(true);
    }, PATIENCE_MS);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return isLasting ? <p className={classes["quiet"]}>{t("library.notLive")}</p> : null;
}

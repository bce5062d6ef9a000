import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { formatClock, formatLanguageName, formatPercent } from "@/lib/quantities";
import { countWords } from "./passages";
import { useSegments } from "./segments/use-segments";
import { useTranscript } from "./TranscriptContext";
import classes from "./TranscriptFacts.module.css";

/** What is known of the transcript as a whole, in one line. */
export function TranscriptFacts({ hasAudio }: { hasAudio: boolean }) {
  const { t, i18n } = useTranslation();
  const { overview, segments, language } = useTranscript();
  const { rows, loaded } = useSegments(segments);
  // Counting takes a while for hours of text, and half of it is no figure.
  const isComplete = rows.length > 0 && loaded === rows.length;
  const words = useMemo(
    () => (isComplete ? countWords(rows, language) : undefined),
    [rows, isComplete, language],
  );
  const spoken = formatLanguageName(overview.language, i18n.language);
  const facts = [
    formatClock(overview.duration_seconds),
    // A language that was given has the probability 1.
    overview.language_probability < 1
      ? t("transcript.languageDetected", {
          language: spoken,
          percent: formatPercent(overview.language_probability, i18n.language),
        })
      : spoken,
    overview.task === "translate" && t("transcript.translated"),
    words !== undefined && t("transcript.words", { count: words }),
    t("transcript.model", { model: overview.model }),
    !hasAudio && t("jobs.noRecording"),
  ].filter((fact) => fact !== false);
  return <p className={classes["facts"]}>{facts.join(" · ")}</p>;
}

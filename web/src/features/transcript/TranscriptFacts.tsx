import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { TranscriptRead } from "@/api/generated";
import { formatClock, formatLanguageName, formatPercent } from "@/lib/quantities";
import { countWords } from "./passages";
import classes from "./TranscriptFacts.module.css";

interface TranscriptFactsProps {
  transcript: TranscriptRead;
  hasAudio: boolean;
}

/** What is known of the transcript as a whole, in one line. */
export function TranscriptFacts({ transcript, hasAudio }: TranscriptFactsProps) {
  const { t, i18n } = useTranslation();
  const words = useMemo(
    () => countWords(transcript.segments, transcript.language),
    [transcript.segments, transcript.language],
  );
  const spoken = formatLanguageName(transcript.language, i18n.language);
  const facts = [
    formatClock(transcript.duration_seconds),
    // A language that was given has the probability 1.
    transcript.language_probability < 1
      ? t("transcript.languageDetected", {
          language: spoken,
          percent: formatPercent(transcript.language_probability, i18n.language),
        })
      : spoken,
    transcript.task === "translate" && t("transcript.translated"),
    t("transcript.words", { count: words }),
    t("transcript.model", { model: transcript.model }),
    !hasAudio && t("jobs.noRecording"),
  ].filter((fact) => fact !== false);
  return <p className={classes["facts"]}>{facts.join(" · ")}</p>;
}

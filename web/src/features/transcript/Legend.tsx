import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { isDoubtful } from "./passages";
import { useSegments } from "./segments/use-segments";
import { useTranscript } from "./TranscriptContext";
import classes from "./Legend.module.css";

/** What the marks in the text mean; how many there are is known once all of it is loaded. */
export function Legend() {
  const { t } = useTranslation();
  const { job, segments } = useTranscript();
  const { rows, loaded } = useSegments(segments);
  const isComplete = loaded === rows.length;
  const doubtful = useMemo(
    () => (isComplete ? rows.filter((row) => row && isDoubtful(row)).length : undefined),
    [rows, isComplete],
  );
  if (rows.length === 0) return null;
  const hasWords = rows.some((row) => row && row.words.length > 0);
  return (
    <p className={classes["legend"]}>
      <span className={classes["passage"]}>
        {doubtful === undefined
          ? t("reading.doubtfulPassage")
          : t("reading.doubtfulPassages", { count: doubtful })}
      </span>
      {hasWords && (
        <span>
          <span className={classes["word"]}>{t("reading.uncertainWord")}</span>
        </span>
      )}
      {job.has_audio && <span>{t(hasWords ? "reading.clickWord" : "reading.clickPassage")}</span>}
    </p>
  );
}

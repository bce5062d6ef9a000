import { VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PassageRead, PieceRead } from "@/api/generated";
import { formatClock } from "@/lib/quantities";
import { useLanguage } from "@/lib/use-language";
import { findChanges, hasOtherWords } from "./passage-changes";
import classes from "./PassageDifference.module.css";

interface PassageDifferenceProps {
  passage: PassageRead;
  language: string;
}

/** A stretch of time with the words that stay, go and come, and what else differs. */
export function PassageDifference({ passage, language }: PassageDifferenceProps) {
  const { t } = useTranslation();
  const notes = useNotes(passage);
  return (
    <li className={classes["passage"]}>
      <span className={classes["times"]}>
        {formatClock(passage.start)}–{formatClock(passage.end)}
      </span>
      <p className={classes["text"]} lang={language} dir="auto">
        {passage.pieces.map((piece, place) => (
          <Piece key={place} piece={piece} />
        ))}
      </p>
      {notes.length > 0 && (
        <ul className={classes["notes"]}>
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {!hasOtherWords(passage) && notes.length === 0 && (
        <p className={classes["notes"]}>{t("history.otherWordTimes")}</p>
      )}
    </li>
  );
}

/** Struck through or underlined, whatever colours can be seen; read out with what happened to it. */
function Piece({ piece: { kind, text } }: { piece: PieceRead }) {
  const { t } = useTranslation();
  if (kind === "equal") return text;
  const Mark = kind === "removed" ? "del" : "ins";
  return (
    <Mark className={classes[kind]}>
      <VisuallyHidden component="span">
        {t(kind === "removed" ? "history.removed" : "history.added")}{" "}
      </VisuallyHidden>
      {text}
    </Mark>
  );
}

function useNotes(passage: PassageRead): string[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const { segments, speakers, times } = findChanges(passage);
  const name = (each: string | null) => each ?? t("history.nobody");
  const time = (seconds: number) =>
    seconds.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 3 });
  const notes: string[] = [];
  if (segments) {
    notes.push(t("history.otherSegments", { before: segments[0], after: segments[1] }));
  }
  if (speakers) {
    const [before, after] = speakers.map((side) => side.map(name).join(", "));
    notes.push(t("history.otherSpeakers", { before, after }));
  }
  if (times) {
    const [before, after] = times.map(([start, end]) => `${time(start)}–${time(end)}`);
    notes.push(t("history.otherTimes", { before, after }));
  }
  return notes;
}

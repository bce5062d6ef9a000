import { useTranslation } from "react-i18next";
import { colourOf } from "./speakers";
import classes from "./Speaker.module.css";

interface SpeakerNameProps {
  speaker: string | null;
  speakers: readonly string[];
}

/** A name with its colour. */
export function SpeakerName({ speaker, speakers }: SpeakerNameProps) {
  const { t } = useTranslation();
  if (speaker === null) return <span className={classes["nobody"]}>{t("speaker.none")}</span>;
  return (
    <span className={classes["name"]} data-colour={colourOf(speaker, speakers)} dir="auto">
      {speaker}
    </span>
  );
}

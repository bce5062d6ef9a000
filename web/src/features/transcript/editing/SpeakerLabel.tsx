import { UnstyledButton } from "@mantine/core";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useObservable } from "@/lib/observable";
import { useEditing } from "./EditContext";
import { SpeakerName } from "./SpeakerName";
import classes from "./Speaker.module.css";

interface SpeakerLabelProps {
  name: number;
  speaker: string | null;
}

/** Who speaks from here on; a press changes it. */
export const SpeakerLabel = memo(function SpeakerLabel({ name, speaker }: SpeakerLabelProps) {
  const { t } = useTranslation();
  const desk = useEditing();
  const speakers = useObservable(desk.speakers);
  // As long as nobody is named there is nothing to tell apart.
  if (speakers.length === 0) return null;
  return (
    <UnstyledButton
      className={classes["label"]}
      tabIndex={-1}
      aria-label={speaker === null ? t("speaker.unnamed") : t("speaker.label", { name: speaker })}
      onPointerDown={desk.remember}
      onClick={() => {
        desk.ask("speaker", name);
      }}
    >
      <SpeakerName speaker={speaker} speakers={speakers} />
    </UnstyledButton>
  );
});

import { useTranslation } from "react-i18next";
import { Choice } from "@/components/ui/Choice";
import { type JobChoices, maxSpeakers, readSpeakers } from "./job-choices";

interface SpeakersChoiceProps {
  value: JobChoices["speakers"];
  onChange: (speakers: JobChoices["speakers"]) => void;
}

const counts = Array.from({ length: maxSpeakers }, (_, index) => index + 1);

/** Whether speakers are told apart, and how many there are where somebody knows. */
export function SpeakersChoice({ value, onChange }: SpeakersChoiceProps) {
  const { t } = useTranslation();
  return (
    <Choice
      label={t("transcribe.speakers")}
      description={t("transcribe.speakersHint")}
      data={[
        { value: "none", label: t("transcribe.speakersNone") },
        { value: "auto", label: t("transcribe.speakersAuto") },
        ...counts.map((count) => ({
          value: String(count),
          label: t("transcribe.speakersCount", { count }),
        })),
      ]}
      value={String(value ?? "none")}
      onChange={(chosen) => {
        onChange(readSpeakers(chosen === "auto" ? chosen : Number(chosen)));
      }}
    />
  );
}

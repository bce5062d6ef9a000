import { useTranslation } from "react-i18next";
import { Choice } from "@/components/ui/Choice";

/** Of a long history the rest is found by its number. */
const OFFERED = 100;

interface RevisionChoiceProps {
  label: string;
  newest: number;
  value: number;
  onChange: (number: number) => void;
}

/** One of all revisions, the newest first. */
export function RevisionChoice({ label, newest, value, onChange }: RevisionChoiceProps) {
  const { t } = useTranslation();
  const name = (number: number) => {
    if (number === 0) return t("history.machine");
    const title = t("history.revision", { number });
    return number === newest ? t("history.newestOf", { title }) : title;
  };
  return (
    <Choice
      label={label}
      searchable
      limit={OFFERED}
      nothingFoundMessage={t("history.noSuchRevision")}
      data={Array.from({ length: newest + 1 }, (_, place) => ({
        value: String(newest - place),
        label: name(newest - place),
      }))}
      value={String(value)}
      onChange={(chosen) => {
        if (chosen !== null) onChange(Number(chosen));
      }}
    />
  );
}

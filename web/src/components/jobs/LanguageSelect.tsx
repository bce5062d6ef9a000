import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/ui/Choice";
import { useLanguage } from "@/lib/use-language";
import { formatLanguageName } from "@/lib/quantities";

const AUTOMATIC = "auto";

interface LanguageSelectProps {
  codes: readonly string[];
  /** A Whisper code, or null to have it detected. */
  value: string | null;
  onChange: (code: string | null) => void;
}

/** The languages of the chosen model under their names in the interface language, searchable. */
export function LanguageSelect({ codes, value, onChange }: LanguageSelectProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const named = useMemo(
    () =>
      codes
        .map((code) => ({ value: code, label: formatLanguageName(code, language) }))
        .sort((one, other) => one.label.localeCompare(other.label, language)),
    [codes, language],
  );
  return (
    <Choice
      label={t("transcribe.language")}
      data={[{ value: AUTOMATIC, label: t("transcribe.automatic") }, ...named]}
      value={value !== null && codes.includes(value) ? value : AUTOMATIC}
      searchable
      nothingFoundMessage={t("transcribe.languageEmpty")}
      onChange={(chosen) => {
        onChange(chosen === AUTOMATIC ? null : chosen);
      }}
    />
  );
}

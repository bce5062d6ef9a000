import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isLanguageCode, languages } from "@/i18n/languages";
import { changeLanguage } from "@/i18n/setup";

const choices = Object.entries(languages).map(([value, { name }]) => ({ value, label: name }));

/** The interface language; each under its own name, so that everyone finds theirs. */
export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label={t("account.language")}
      data={choices}
      value={i18n.language}
      onChange={(code) => {
        if (isLanguageCode(code)) void changeLanguage(code);
      }}
    />
  );
}

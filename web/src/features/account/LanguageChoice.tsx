import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSavePreferences } from "@/components/preferences/use-preferences";
import { isLanguageCode, languages } from "@/i18n/languages";
import { changeLanguage } from "@/i18n/setup";
import { NotKept } from "./NotKept";

const choices = Object.entries(languages).map(([value, { name }]) => ({ value, label: name }));

/** The interface language; each under its own name, so that everyone finds theirs.  Kept with the account. */
export function LanguageChoice() {
  const { t, i18n } = useTranslation();
  const save = useSavePreferences();
  return (
    <>
      <SegmentedControl
        size="xs"
        fullWidth
        aria-label={t("account.language")}
        data={choices}
        value={i18n.language}
        onChange={(code) => {
          if (!isLanguageCode(code)) return;
          void changeLanguage(code);
          save.mutate({ language: code });
        }}
      />
      <NotKept error={save.error} />
    </>
  );
}

import { useTranslation } from "react-i18next";

/** The interface language, for formatting quantities and names. */
export function useLanguage(): string {
  return useTranslation().i18n.language;
}

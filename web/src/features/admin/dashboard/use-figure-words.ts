import { useTranslation } from "react-i18next";
import { formatCount, formatRatio, formatShare, formatTaken, UNKNOWN } from "@/lib/figures";
import { formatBytes } from "@/lib/quantities";

type Maybe = number | null | undefined;

/** Figures in the reader's writing; one that nobody knows is a dash, never a nought. */
export function useFigureWords() {
  const { language } = useTranslation().i18n;
  const known = (format: (value: number, language: string) => string) => (value: Maybe) =>
    value === null || value === undefined ? UNKNOWN : format(value, language);
  return {
    count: known(formatCount),
    taken: known(formatTaken),
    ratio: known(formatRatio),
    share: known(formatShare),
    bytes: known(formatBytes),
  };
}

import { useTranslation } from "react-i18next";
import { Choice } from "@/components/ui/Choice";
import { useLanguage } from "@/lib/use-language";

const ANY = "";

interface FilterChoiceProps {
  label: string;
  /** Each value with its name. */
  options: readonly (readonly [string, string])[];
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** One of what there is, or any. */
export function FilterChoice({ label, options, value, onChange }: FilterChoiceProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const isKnown = value === undefined || options.some(([option]) => option === value);
  // An address may name what is not offered any more, such as a model that was removed.
  const all = isKnown ? options : [...options, [value, value] as const];
  const sorted = all.toSorted(([, one], [, other]) => one.localeCompare(other, language));
  return (
    <Choice
      label={label}
      data={[
        { value: ANY, label: t("library.filter.any") },
        ...sorted.map(([option, name]) => ({ value: option, label: name })),
      ]}
      value={value ?? ANY}
      searchable={options.length > 6}
      nothingFoundMessage={t("library.filter.noMatch")}
      onChange={(chosen) => {
        onChange(chosen === ANY || chosen === null ? undefined : chosen);
      }}
    />
  );
}

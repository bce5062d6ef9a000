import { UnstyledButton } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { formatDay, formatLanguageName } from "@/lib/quantities";
import { type FilterName, filterNames, type LibrarySearch } from "../library-search";
import { useLibrarySearch } from "../use-library-search";
import { clearedFilters } from "./cleared-filters";
import classes from "./ActiveFilters.module.css";

/** What is set, each to be taken away on its own, or all at once. */
export function ActiveFilters() {
  const { t } = useTranslation();
  const [search, change] = useLibrarySearch();
  const showValue = useValueText();
  return (
    <ul className={classes["active"]}>
      {filterNames
        .filter((name) => search[name] !== undefined)
        .map((name) => {
          const what = t(`library.filter.${name}`);
          const shown = t("library.filter.chosen", { what, value: showValue(search, name) });
          return (
            <li key={name}>
              <UnstyledButton
                className={classes["chip"]}
                aria-label={t("library.filter.remove", { filter: shown })}
                onClick={() => {
                  change({ [name]: undefined });
                }}
              >
                {shown}
                <IconX size={14} aria-hidden="true" />
              </UnstyledButton>
            </li>
          );
        })}
      <li>
        <UnstyledButton
          className={classes["clear"]}
          onClick={() => {
            change(clearedFilters);
          }}
        >
          {t("library.filter.clear")}
        </UnstyledButton>
      </li>
    </ul>
  );
}

function useValueText(): (search: LibrarySearch, name: FilterName) => string {
  const { t, i18n } = useTranslation();
  return (search, name) => {
    const value = search[name] ?? "";
    if (name === "language") return formatLanguageName(value, i18n.language);
    if (name === "from" || name === "to") return formatDay(value, i18n.language);
    if (name !== "task") return value;
    return t(value === "translate" ? "transcribe.taskTranslate" : "transcribe.taskTranscribe");
  };
}

import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type StateGroup, stateGroups } from "../library-search";
import { useLibrarySearch } from "../use-library-search";
import classes from "./StateLinks.module.css";

const groups = Object.keys(stateGroups) as StateGroup[];

/** The states of jobs, one of which the list may be narrowed to. */
export function StateLinks() {
  const { t } = useTranslation();
  const [search] = useLibrarySearch();
  return (
    <nav aria-label={t("library.filter.stateLabel")} className={classes["states"]}>
      {[undefined, ...groups].map((state) => (
        <Link
          key={state ?? "any"}
          to="/library"
          search={{ ...search, state }}
          resetScroll={false}
          activeOptions={{ exact: true }}
          className={classes["state"]}
        >
          {t(`library.filter.state.${state ?? "any"}`)}
        </Link>
      ))}
    </nav>
  );
}

import { useTranslation } from "react-i18next";
import { LinkButton } from "@/components/ui/LinkButton";
import { PageTitle } from "@/components/ui/PageTitle";
import { FilterBar } from "./filters/FilterBar";
import { JobList } from "./JobList";
import classes from "./LibraryScreen.module.css";
import { SearchField } from "./search/SearchField";
import { SearchResults } from "./search/SearchResults";
import { useLibrarySearch } from "./use-library-search";

/** All jobs with what became of them, or the passages in which something was said. */
export function LibraryScreen() {
  const { t } = useTranslation();
  const [search, change] = useLibrarySearch();
  return (
    <>
      <div className={classes["heading"]}>
        <PageTitle>{t("library.title")}</PageTitle>
        <LinkButton to="/transcribe" variant="light" className={classes["new"]}>
          {t("library.emptyAction")}
        </LinkButton>
      </div>
      <SearchField
        value={search.q ?? ""}
        onChange={(words) => {
          change({ q: words === "" ? undefined : words }, words !== "" && search.q !== undefined);
        }}
      />
      <FilterBar />
      {search.q === undefined ? <JobList /> : <SearchResults words={search.q} />}
    </>
  );
}

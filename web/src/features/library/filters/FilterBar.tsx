import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { countFilters } from "../library-search";
import { useLibrarySearch } from "../use-library-search";
import { ActiveFilters } from "./ActiveFilters";
import classes from "./FilterBar.module.css";
import { FilterPanel } from "./FilterPanel";
import { SortChoice } from "./SortChoice";
import { StateLinks } from "./StateLinks";

/** What the list shows and in which order; a search in the text has no states and its own order. */
export function FilterBar() {
  const { t } = useTranslation();
  const [search] = useLibrarySearch();
  const [isOpen, { toggle }] = useDisclosure(false);
  const panel = useId();
  const count = countFilters(search);
  const isList = search.q === undefined;
  return (
    <section aria-label={t("library.filter.label")} className={classes["filters"]}>
      <div className={classes["bar"]}>
        {isList && <StateLinks />}
        <div className={classes["choices"]}>
          {isList && <SortChoice />}
          <Button
            variant="default"
            leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden="true" />}
            aria-expanded={isOpen}
            aria-controls={panel}
            onClick={toggle}
          >
            {count > 0 ? t("library.filter.openCount", { count }) : t("library.filter.open")}
          </Button>
        </div>
      </div>
      <div id={panel} hidden={!isOpen} className={classes["panel"]}>
        {isOpen && <FilterPanel />}
      </div>
      {count > 0 && <ActiveFilters />}
    </section>
  );
}

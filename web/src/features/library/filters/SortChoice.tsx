import { useTranslation } from "react-i18next";
import { Choice } from "@/components/ui/Choice";
import type { JobSort } from "../library-search";
import { useLibrarySearch } from "../use-library-search";

const NEWEST: JobSort = "-created_at";

/** The order of the list. */
export function SortChoice() {
  const { t } = useTranslation();
  const [search, change] = useLibrarySearch();
  const orders: { value: JobSort; label: string }[] = [
    { value: NEWEST, label: t("library.filter.sortBy.newest") },
    { value: "created_at", label: t("library.filter.sortBy.oldest") },
    { value: "name", label: t("library.filter.sortBy.nameUp") },
    { value: "-name", label: t("library.filter.sortBy.nameDown") },
  ];
  return (
    <Choice
      aria-label={t("library.filter.sort")}
      w={160}
      data={orders}
      value={search.sort ?? NEWEST}
      onChange={(sort) => {
        change({ sort: sort === NEWEST ? undefined : (sort as JobSort) });
      }}
    />
  );
}

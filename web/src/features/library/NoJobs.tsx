import { Button } from "@mantine/core";
import { IconFileText, IconFilterOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/components/ui/LinkButton";
import { StatePanel } from "@/components/ui/StatePanel";
import { clearedFilters } from "./filters/cleared-filters";
import { countFilters } from "./library-search";
import { useLibrarySearch } from "./use-library-search";

/** An empty list: because nothing was sent yet, or because nothing fits. */
export function NoJobs() {
  const { t } = useTranslation();
  const [search, change] = useLibrarySearch();
  if (search.state === undefined && countFilters(search) === 0) {
    return (
      <StatePanel
        icon={<IconFileText />}
        title={t("library.emptyTitle")}
        hint={t("library.emptyHint")}
        action={<LinkButton to="/transcribe">{t("library.emptyAction")}</LinkButton>}
      />
    );
  }
  return (
    <StatePanel
      role="status"
      icon={<IconFilterOff />}
      title={t("library.nothingTitle")}
      hint={t("library.nothingHint")}
      action={
        <Button
          variant="default"
          onClick={() => {
            change(clearedFilters);
          }}
        >
          {t("library.filter.clear")}
        </Button>
      }
    />
  );
}

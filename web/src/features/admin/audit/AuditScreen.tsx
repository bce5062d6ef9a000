import { IconListSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PageTitle } from "@/components/ui/PageTitle";
import { listAuditEntriesInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { ListPanel } from "@/components/ui/ListPanel";
import { StatePanel } from "@/components/ui/StatePanel";
import { nextPage } from "@/lib/paging";
import type { AuditSearch } from "../search";
import { AuditFilters } from "./AuditFilters";
import { AuditRow } from "./AuditRow";
import classes from "./AuditScreen.module.css";
import { ExportAudit } from "./ExportAudit";
import { VerifyAudit } from "./VerifyAudit";
import { toQuery } from "./audit-query";

const route = getRouteApi("/signed-in/admin/audit");

/** Who did what to what, and whether the log is as it was sealed. */
export function AuditScreen() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className={classes["screen"]}>
      <div className={classes["heading"]}>
        <div>
          <PageTitle>{t("audit.title")}</PageTitle>
          <p className={classes["lead"]}>{t("audit.lead")}</p>
        </div>
        <div className={classes["actions"]}>
          <ExportAudit search={search} />
        </div>
      </div>
      <VerifyAudit />
      <AuditFilters
        // Another address, as after going back, fills the fields anew.
        key={JSON.stringify(search)}
        search={search}
        onChange={(wanted) => {
          void navigate({ search: wanted });
        }}
      />
      <Entries search={search} />
    </div>
  );
}

function Entries({ search }: { search: AuditSearch }) {
  const { t } = useTranslation();
  const entries = useInfiniteQuery({
    ...listAuditEntriesInfiniteOptions({ query: toQuery(search) }),
    initialPageParam: {},
    getNextPageParam: nextPage,
  });
  return (
    <ListPanel
      query={entries}
      items={entries.data?.pages.flatMap((page) => page.items)}
      label={t("audit.list")}
      loading={t("audit.loading")}
      errorTitle={t("audit.errorTitle")}
      empty={
        <StatePanel
          icon={<IconListSearch />}
          title={t("audit.emptyTitle")}
          hint={t("audit.emptyHint")}
        />
      }
    >
      {(entry) => <AuditRow key={entry.id} entry={entry} />}
    </ListPanel>
  );
}

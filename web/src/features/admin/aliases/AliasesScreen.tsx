import { IconRoute } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AliasScheduleRead, AliasUseRead } from "@/api/generated";
import { listAliasUsesInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { ListPanel } from "@/components/ui/ListPanel";
import { ListRow } from "@/components/ui/ListRow";
import { PageTitle } from "@/components/ui/PageTitle";
import { StatePanel } from "@/components/ui/StatePanel";
import { formatCount } from "@/lib/figures";
import { nextPage } from "@/lib/paging";
import { formatMoment, formatMomentWithTime } from "@/lib/quantities";
import { useAccountName } from "../account-names";
import classes from "./AliasesScreen.module.css";

/** Who still uses the old names of the upload routes, and when those end. */
export function AliasesScreen() {
  const { t } = useTranslation();
  const uses = useInfiniteQuery({
    ...listAliasUsesInfiniteOptions(),
    initialPageParam: {},
    getNextPageParam: nextPage,
  });
  const schedule = uses.data?.pages.at(-1)?.schedule;
  return (
    <div className={classes["screen"]}>
      <div>
        <PageTitle>{t("aliases.title")}</PageTitle>
        <p className={classes["lead"]}>{t("aliases.lead")}</p>
      </div>
      {schedule && <Schedule schedule={schedule} />}
      <ListPanel
        query={uses}
        items={uses.data?.pages.flatMap((page) => page.items)}
        label={t("aliases.list")}
        loading={t("aliases.loading")}
        errorTitle={t("aliases.errorTitle")}
        empty={
          <StatePanel
            icon={<IconRoute />}
            title={t("aliases.emptyTitle")}
            hint={t("aliases.emptyHint")}
          />
        }
      >
        {(use) => <UseRow key={`${use.alias} ${use.user_id} ${use.client}`} use={use} />}
      </ListPanel>
    </div>
  );
}

function Schedule({ schedule }: { schedule: AliasScheduleRead }) {
  const { t, i18n } = useTranslation();
  const day = (moment: string) => formatMoment(moment, i18n.language);
  const facts = [
    [t("aliases.now"), t(`aliases.phase.${schedule.phase}`)],
    [t("aliases.deprecatedAt"), day(schedule.deprecated_at)],
    [t("aliases.redirectAt"), day(schedule.redirect_at)],
    [t("aliases.goneAt"), day(schedule.gone_at)],
    [t("aliases.redirect"), t(schedule.always_301 ? "aliases.always301" : "aliases.both")],
  ];
  return (
    <dl className={classes["schedule"]} aria-label={t("aliases.schedule")}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function UseRow({ use }: { use: AliasUseRead }) {
  const { t, i18n } = useTranslation();
  const owner = useAccountName(use.user_id);
  const tell = (moment: string) => formatMomentWithTime(moment, i18n.language);
  return (
    <ListRow
      title={use.alias}
      facts={[
        t("aliases.uses", { count: use.uses, number: formatCount(use.uses, i18n.language) }),
        t("aliases.by", { owner, client: use.client }),
        t("aliases.last", { moment: tell(use.last_used_at) }),
        t("aliases.first", { moment: tell(use.first_used_at) }),
      ]}
    />
  );
}

import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ActivityRead } from "@/api/generated";
import { listActivityInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { useActWords } from "@/components/acts/use-act-words";
import { ListPanel } from "@/components/ui/ListPanel";
import { ListRow } from "@/components/ui/ListRow";
import { Section } from "@/components/ui/Section";
import { StatePanel } from "@/components/ui/StatePanel";
import { nextPage } from "@/lib/paging";
import { formatMomentWithTime } from "@/lib/quantities";

const ROWS = 20;

/** What was done to what the account has, by whomever. */
export function ActivitySection() {
  const { t } = useTranslation();
  const activity = useInfiniteQuery({
    ...listActivityInfiniteOptions({ query: { limit: ROWS } }),
    initialPageParam: {},
    getNextPageParam: nextPage,
  });
  return (
    <Section title={t("activity.title")} lead={t("activity.lead")}>
      <ListPanel
        query={activity}
        items={activity.data?.pages.flatMap((page, number) =>
          page.items.map((act, row) => ({ act, key: `${number}-${row}` })),
        )}
        label={t("activity.list")}
        loading={t("activity.loading")}
        errorTitle={t("activity.errorTitle")}
        empty={<StatePanel isPart icon={<IconHistory />} title={t("activity.emptyTitle")} />}
      >
        {({ act, key }) => <ActivityRow key={key} act={act} />}
      </ListPanel>
    </Section>
  );
}

function ActivityRow({ act }: { act: ActivityRead }) {
  const { t, i18n } = useTranslation();
  const tell = useActWords();
  return (
    <ListRow
      title={tell(act.action)}
      exact={`${act.action} ${act.object_kind} ${act.object_id}`}
      facts={[
        formatMomentWithTime(act.created_at, i18n.language),
        t(`activity.by.${act.by}`),
        act.address !== null && t("activity.from", { address: act.address }),
        act.detail ?? false,
      ]}
    />
  );
}

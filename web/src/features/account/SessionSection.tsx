import { IconDevices } from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { endOtherSessions } from "@/api/generated";
import {
  listSessionsInfiniteOptions,
  listSessionsInfiniteQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";
import { AskFirst } from "@/components/ui/AskFirst";
import { ListPanel } from "@/components/ui/ListPanel";
import { Section } from "@/components/ui/Section";
import { StatePanel } from "@/components/ui/StatePanel";
import { nextPage } from "@/lib/paging";
import { SessionRow } from "./SessionRow";

/** Where the account is signed in. */
export function SessionSection() {
  const { t } = useTranslation();
  const sessions = useInfiniteQuery({
    ...listSessionsInfiniteOptions(),
    initialPageParam: {},
    getNextPageParam: nextPage,
  });
  const items = sessions.data?.pages.flatMap((page) => page.items);
  return (
    <Section
      title={t("sessions.title")}
      lead={t("sessions.lead")}
      action={items?.some((session) => !session.is_current) && <EndOthers />}
    >
      <ListPanel
        query={sessions}
        items={items}
        label={t("sessions.list")}
        loading={t("sessions.loading")}
        errorTitle={t("sessions.errorTitle")}
        empty={<StatePanel isPart icon={<IconDevices />} title={t("sessions.emptyTitle")} />}
      >
        {(session) => <SessionRow key={session.id} session={session} />}
      </ListPanel>
    </Section>
  );
}

function EndOthers() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  return (
    <AskFirst
      label={t("sessions.endOthers")}
      title={t("sessions.endOthersTitle")}
      body={t("sessions.endOthersBody")}
      confirm={t("sessions.endOthers")}
      call={() => endOtherSessions({ throwOnError: true })}
      refresh={() => queryClient.invalidateQueries({ queryKey: listSessionsInfiniteQueryKey() })}
    />
  );
}

import { IconUsers } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listAccountsInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { ListPanel } from "@/components/ui/ListPanel";
import { Section } from "@/components/ui/Section";
import { StatePanel } from "@/components/ui/StatePanel";
import { nextPage } from "@/lib/paging";
import { AccountRow } from "./AccountRow";

/** The directory. */
export function AccountSection({ myId }: { myId: string }) {
  const { t } = useTranslation();
  const accounts = useInfiniteQuery({
    ...listAccountsInfiniteOptions(),
    initialPageParam: {},
    getNextPageParam: nextPage,
  });
  return (
    <Section title={t("people.accounts")} lead={t("people.accountsLead")}>
      <ListPanel
        query={accounts}
        items={accounts.data?.pages.flatMap((page) => page.items)}
        label={t("people.list")}
        loading={t("people.loading")}
        errorTitle={t("people.errorTitle")}
        empty={<StatePanel isPart icon={<IconUsers />} title={t("people.emptyTitle")} />}
      >
        {(account) => (
          <AccountRow key={account.user_id} account={account} isMe={account.user_id === myId} />
        )}
      </ListPanel>
    </Section>
  );
}

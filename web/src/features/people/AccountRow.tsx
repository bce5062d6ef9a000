import { useTranslation } from "react-i18next";
import type { AccountRead } from "@/api/generated";
import { ListRow } from "@/components/ui/ListRow";
import { Tag } from "@/components/ui/Tag";
import { formatMoment } from "@/lib/quantities";
import { AccountActions } from "./AccountActions";

interface AccountRowProps {
  account: AccountRead;
  isMe: boolean;
}

/** One account as the service describes it. */
export function AccountRow({ account, isMe }: AccountRowProps) {
  const { t, i18n } = useTranslation();
  const tell = (moment: string) => formatMoment(moment, i18n.language);
  return (
    <ListRow
      title={account.name}
      badges={
        <>
          {isMe && <Tag tone="accent">{t("people.you")}</Tag>}
          {account.role === "admin" && <Tag>{t("people.role.admin")}</Tag>}
          {!account.is_active && <Tag tone="off">{t("people.disabled")}</Tag>}
        </>
      }
      facts={[
        t("people.since", { moment: tell(account.created_at) }),
        account.last_used_at === null
          ? t("people.neverUsed")
          : t("people.used", { moment: tell(account.last_used_at) }),
      ]}
      action={<AccountActions account={account} />}
    />
  );
}

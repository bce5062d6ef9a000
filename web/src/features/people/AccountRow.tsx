import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AccountRead } from "@/api/generated";
import { ListRow } from "@/components/ui/ListRow";
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
          {isMe && <Badge variant="light">{t("people.you")}</Badge>}
          {account.role === "admin" && (
            <Badge variant="light" color="gray">
              {t("people.role.admin")}
            </Badge>
          )}
          {!account.is_active && (
            <Badge variant="light" color="orange">
              {t("people.disabled")}
            </Badge>
          )}
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

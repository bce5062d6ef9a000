import { useTranslation } from "react-i18next";
import type { AuditEntryRead } from "@/api/generated";
import { useActWords } from "@/components/acts/use-act-words";
import { ListRow } from "@/components/ui/ListRow";
import { Tag } from "@/components/ui/Tag";
import { formatMomentWithTime } from "@/lib/quantities";
import { shorten, useAccountName, useActorName } from "../account-names";

/** One act; ids are shortened, and whole where one points. */
export function AuditRow({ entry }: { entry: AuditEntryRead }) {
  const { t, i18n } = useTranslation();
  const tell = useActWords();
  const actor = useActorName(entry.actor);
  const owner = useAccountName(entry.user_id);
  const isOthers = !entry.actor.endsWith(entry.user_id);
  return (
    <ListRow
      title={tell(entry.action)}
      exact={`${entry.action} · ${entry.actor} · ${entry.object_kind} ${entry.object_id}`}
      badges={
        entry.sequence === null ? (
          <Tag tone="off">{t("audit.unsealed")}</Tag>
        ) : (
          <Tag>{t("audit.sequence", { sequence: entry.sequence })}</Tag>
        )
      }
      facts={[
        formatMomentWithTime(entry.created_at, i18n.language),
        t("audit.by", { actor }),
        isOthers && t("audit.of", { owner }),
        `${entry.object_kind} ${shorten(entry.object_id)}`,
        entry.address !== null && t("activity.from", { address: entry.address }),
        entry.detail ?? false,
      ]}
    />
  );
}

import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type KeyRead, revokeKey } from "@/api/generated";
import { listKeysQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { AskFirst } from "@/components/ui/AskFirst";
import { ListRow } from "@/components/ui/ListRow";
import { Tag } from "@/components/ui/Tag";
import { formatMoment } from "@/lib/quantities";

// `wt_` and enough to tell one key from another by sight.
const SHOWN_PREFIX = 11;

/** One key: what it opens, when it was used, when it ends. */
export function KeyRow({ apiKey }: { apiKey: KeyRead }) {
  const { t, i18n } = useTranslation();
  const tell = (moment: string) => formatMoment(moment, i18n.language);
  const hasEnded = new Date(apiKey.expires_at) <= new Date();
  return (
    <ListRow
      title={apiKey.name}
      exact={apiKey.prefix}
      badges={
        <>
          {hasEnded && <Tag tone="off">{t("keys.ended")}</Tag>}
          {apiKey.scopes.map((scope) => (
            <Tag key={scope}>{t(`keys.scope.${scope}`)}</Tag>
          ))}
        </>
      }
      facts={[
        `${apiKey.prefix.slice(0, SHOWN_PREFIX)}…`,
        t("keys.made", { moment: tell(apiKey.created_at) }),
        apiKey.last_used_at === null
          ? t("keys.neverUsed")
          : t("keys.used", { moment: tell(apiKey.last_used_at) }),
        !hasEnded && t("keys.until", { moment: tell(apiKey.expires_at) }),
      ]}
      action={<RevokeKey apiKey={apiKey} />}
    />
  );
}

function RevokeKey({ apiKey: { id, name } }: { apiKey: KeyRead }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  return (
    <AskFirst
      size="xs"
      label={t("keys.revoke")}
      fullLabel={t("keys.revokeOf", { name })}
      title={t("keys.revokeTitle")}
      body={t("keys.revokeBody", { name })}
      confirm={t("keys.revokeConfirm")}
      call={() => revokeKey({ path: { key_id: id }, throwOnError: true })}
      refresh={() => queryClient.invalidateQueries({ queryKey: listKeysQueryKey() })}
    />
  );
}

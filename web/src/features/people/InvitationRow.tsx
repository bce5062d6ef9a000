import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type InvitationRead, revokeInvitation } from "@/api/generated";
import { listInvitationsInfiniteQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { AskFirst } from "@/components/ui/AskFirst";
import { ListRow } from "@/components/ui/ListRow";
import { Tag } from "@/components/ui/Tag";
import { formatMoment } from "@/lib/quantities";

const tones = { open: "accent", used: "plain", revoked: "off", expired: "off" } as const;

/** One invitation; an open one can be taken back. */
export function InvitationRow({ invitation }: { invitation: InvitationRead }) {
  const { t, i18n } = useTranslation();
  const tell = (moment: string) => formatMoment(moment, i18n.language);
  const { state, role, used_at: usedAt, revoked_at: revokedAt } = invitation;
  const name = invitation.note ?? t("invitations.unnamed");
  return (
    <ListRow
      title={name}
      badges={
        <>
          <Tag tone={tones[state]}>{t(`invitations.state.${state}`)}</Tag>
          {role === "admin" && <Tag>{t("people.role.admin")}</Tag>}
        </>
      }
      facts={[
        t("invitations.made", { moment: tell(invitation.created_at) }),
        usedAt !== null && t("invitations.usedAt", { moment: tell(usedAt) }),
        revokedAt !== null && t("invitations.revokedAt", { moment: tell(revokedAt) }),
        state === "open" && t("invitations.until", { moment: tell(invitation.expires_at) }),
      ]}
      action={state === "open" && <RevokeInvitation id={invitation.id} name={name} />}
    />
  );
}

function RevokeInvitation({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  return (
    <AskFirst
      size="xs"
      label={t("invitations.revoke")}
      fullLabel={t("invitations.revokeOf", { name })}
      title={t("invitations.revokeTitle")}
      body={t("invitations.revokeBody", { name })}
      confirm={t("invitations.revokeConfirm")}
      call={() => revokeInvitation({ path: { invitation_id: id }, throwOnError: true })}
      refresh={() => queryClient.invalidateQueries({ queryKey: listInvitationsInfiniteQueryKey() })}
    />
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import {
  createInvitationMutation,
  listInvitationsInfiniteQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";
import { Dialog } from "@/components/ui/Dialog";
import { ShownOnce } from "@/components/ui/ShownOnce";
import { formatExactMoment } from "@/lib/quantities";
import { buildTokenLink } from "@/lib/token-links";
import { useIdempotencyKey } from "@/lib/use-idempotency-key";
import { InviteForm } from "./InviteForm";

/** Asks whom to let in, then shows the link this once. Open for as long as it is rendered. */
export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const queryClient = useQueryClient();
  const keyOf = useIdempotencyKey();
  const invite = useMutation({
    ...createInvitationMutation(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: listInvitationsInfiniteQueryKey() }),
  });
  const { data: made } = invite;
  return (
    <Dialog isOpen onClose={onClose} title={t("invitations.invite")} isHeld={invite.isSuccess}>
      {made ? (
        <ShownOnce
          label={t("invitations.link")}
          secret={made.token === null ? null : buildTokenLink("/sign-up", "invitation", made.token)}
          hint={t("invitations.linkHint", {
            moment: formatExactMoment(made.expires_at, i18n.language),
          })}
          onDone={onClose}
        />
      ) : (
        <InviteForm
          error={invite.error}
          isPending={invite.isPending}
          onSubmit={(body) => {
            invite.mutate({ body, headers: { "Idempotency-Key": keyOf(body) } });
          }}
        />
      )}
    </Dialog>
  );
}

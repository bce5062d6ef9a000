import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AccountRead } from "@/api/generated";
import { issueResetMutation } from "@/api/generated/@tanstack/react-query.gen";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { Dialog } from "@/components/ui/Dialog";
import { ShownOnce } from "@/components/ui/ShownOnce";
import { formatExactMoment } from "@/lib/quantities";
import { buildTokenLink } from "@/lib/token-links";

interface ResetDialogProps {
  account: AccountRead;
  onClose: () => void;
}

/** Asks, then shows the link this once. Open for as long as it is rendered. */
export function ResetDialog({ account, onClose }: ResetDialogProps) {
  const { t, i18n } = useTranslation();
  const { name } = account;
  const issue = useMutation(issueResetMutation());
  if (issue.isSuccess) {
    const moment = formatExactMoment(issue.data.expires_at, i18n.language);
    return (
      <Dialog isOpen onClose={onClose} title={t("people.resetLink")} isHeld>
        <ShownOnce
          label={t("people.resetLink")}
          secret={buildTokenLink("/reset", "token", issue.data.token)}
          hint={t("people.resetHint", { name, moment })}
          onDone={onClose}
        />
      </Dialog>
    );
  }
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={t("people.resetTitle", { name })}
      confirm={t("people.resetConfirm")}
      keep={t("app.cancel")}
      isLoss={false}
      isPending={issue.isPending}
      error={issue.error}
      onConfirm={() => {
        issue.mutate({ path: { user_id: account.user_id } });
      }}
    >
      <p>{t("people.resetBody", { name })}</p>
    </ConfirmDialog>
  );
}

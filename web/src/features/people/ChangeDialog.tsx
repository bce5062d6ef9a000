import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AccountChange, AccountRead } from "@/api/generated";
import {
  changeAccountMutation,
  getMeQueryKey,
  listAccountsInfiniteQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";

const changes = {
  promote: { role: "admin" },
  demote: { role: "user" },
  disable: { is_active: false },
  enable: { is_active: true },
} as const satisfies Record<string, AccountChange>;

export type Change = keyof typeof changes;

interface ChangeDialogProps {
  account: AccountRead;
  change: Change;
  onClose: () => void;
}

/** Asks before what an account may do is changed. Open for as long as it is rendered. */
export function ChangeDialog({ account, change, onClose }: ChangeDialogProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { name } = account;
  const send = useMutation({
    ...changeAccountMutation(),
    // What is shown is asked for anew, refused or not; and it may have been one's own account.
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: listAccountsInfiniteQueryKey() }),
        queryClient.invalidateQueries({ queryKey: getMeQueryKey() }),
      ]),
  });
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={t(`people.${change}Title`, { name })}
      confirm={t(`people.${change}`)}
      keep={t("app.cancel")}
      isLoss={change === "disable" || change === "demote"}
      isPending={send.isPending}
      error={send.error}
      onConfirm={() => {
        const call = { path: { user_id: account.user_id }, body: changes[change] };
        send.mutate(call, { onSuccess: onClose });
      }}
    >
      <p>{t(`people.${change}Body`)}</p>
    </ConfirmDialog>
  );
}

import { Alert, Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  changePasswordMutation,
  listSessionsInfiniteQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";
import { Dialog } from "@/components/ui/Dialog";
import { DialogForm } from "@/components/ui/DialogForm";
import { NewPasswordFields } from "./NewPasswordFields";
import { useNewPassword } from "./use-new-password";

/** Open for as long as it is rendered. */
export function ChangePasswordDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen onClose={onClose} title={t("account.changePassword")}>
      <ChangePasswordForm onClose={onClose} />
    </Dialog>
  );
}

function ChangePasswordForm({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState("");
  const password = useNewPassword();
  const queryClient = useQueryClient();
  const change = useMutation({
    ...changePasswordMutation(),
    // It ends every sign-in and gives this browser another one.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: listSessionsInfiniteQueryKey() }),
  });

  const submit = () => {
    if (!password.check()) return;
    change.mutate({ body: { current_password: current, new_password: password.wanted } });
  };

  if (change.isSuccess) {
    return (
      <Stack gap="sm">
        <Alert color="green" variant="light" role="status">
          {t("account.saved")}
        </Alert>
        <Button variant="default" onClick={onClose}>
          {t("app.close")}
        </Button>
      </Stack>
    );
  }
  return (
    <DialogForm
      error={change.error}
      isPending={change.isPending}
      submit={t("account.save")}
      onSubmit={submit}
    >
      <PasswordInput
        label={t("account.currentPassword")}
        autoComplete="current-password"
        value={current}
        onChange={(event) => {
          setCurrent(event.currentTarget.value);
        }}
        required
        withAsterisk={false}
        data-autofocus
      />
      <NewPasswordFields
        password={password}
        label={t("account.newPassword")}
        repeatLabel={t("account.repeatPassword")}
      />
    </DialogForm>
  );
}

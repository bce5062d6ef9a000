import { Alert, Button, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  changePasswordMutation,
  listSessionsInfiniteQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";
import { Dialog } from "@/components/ui/Dialog";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./ChangePasswordDialog.module.css";
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

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!password.check()) return;
    change.mutate({ body: { current_password: current, new_password: password.wanted } });
  };

  if (change.isSuccess) {
    return (
      <div className={classes["form"]}>
        <Alert color="green" variant="light" role="status">
          {t("account.saved")}
        </Alert>
        <Button variant="default" onClick={onClose}>
          {t("app.close")}
        </Button>
      </div>
    );
  }
  return (
    <form className={classes["form"]} onSubmit={submit}>
      {change.isError && (
        <Alert color="red" variant="light" role="alert">
          {describeProblem(change.error, t)}
        </Alert>
      )}
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
      <Button type="submit" loading={change.isPending}>
        {t("account.save")}
      </Button>
    </form>
  );
}

import { Alert, Button, PasswordInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { changePasswordMutation } from "@/api/generated/@tanstack/react-query.gen";
import { Dialog } from "@/components/ui/Dialog";
import { describeProblem } from "@/lib/describe-problem";
import { checkNewPassword, MIN_PASSWORD_LENGTH } from "./new-password";
import classes from "./ChangePasswordDialog.module.css";

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
  const [wanted, setWanted] = useState("");
  const [repeated, setRepeated] = useState("");
  const [hasTried, setTried] = useState(false);
  const change = useMutation(changePasswordMutation());
  const fault = hasTried ? checkNewPassword(wanted, repeated) : undefined;

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (checkNewPassword(wanted, repeated)) return;
    change.mutate({ body: { current_password: current, new_password: wanted } });
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
      <PasswordInput
        label={t("account.newPassword")}
        autoComplete="new-password"
        value={wanted}
        onChange={(event) => {
          setWanted(event.currentTarget.value);
        }}
        error={fault === "tooShort" && t("account.tooShort", { count: MIN_PASSWORD_LENGTH })}
      />
      <PasswordInput
        label={t("account.repeatPassword")}
        autoComplete="new-password"
        value={repeated}
        onChange={(event) => {
          setRepeated(event.currentTarget.value);
        }}
        error={fault === "mismatch" && t("account.mismatch")}
      />
      <Button type="submit" loading={change.isPending}>
        {t("account.save")}
      </Button>
    </form>
  );
}

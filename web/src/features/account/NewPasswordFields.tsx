import { PasswordInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { MIN_PASSWORD_LENGTH } from "./new-password";
import type { NewPassword } from "./use-new-password";

interface NewPasswordFieldsProps {
  password: NewPassword;
  label: string;
  repeatLabel: string;
}

/** A password to be, typed twice. */
export function NewPasswordFields({ password, label, repeatLabel }: NewPasswordFieldsProps) {
  const { t } = useTranslation();
  const { wanted, setWanted, repeated, setRepeated, fault } = password;
  return (
    <>
      <PasswordInput
        label={label}
        autoComplete="new-password"
        value={wanted}
        onChange={(event) => {
          setWanted(event.currentTarget.value);
        }}
        error={fault === "tooShort" && t("account.tooShort", { count: MIN_PASSWORD_LENGTH })}
      />
      <PasswordInput
        label={repeatLabel}
        autoComplete="new-password"
        value={repeated}
        onChange={(event) => {
          setRepeated(event.currentTarget.value);
        }}
        error={fault === "mismatch" && t("account.mismatch")}
      />
    </>
  );
}

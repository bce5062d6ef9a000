import { useMutation } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { IconLinkOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useResetMutation } from "@/api/generated/@tanstack/react-query.gen";
import { LinkButton } from "@/components/ui/LinkButton";
import { StatePanel } from "@/components/ui/StatePanel";
import { readToken } from "@/lib/token-links";
import { arrive } from "./arrival";
import { EntryCard } from "./EntryCard";
import { EntryForm } from "./EntryForm";
import { NewPasswordFields } from "./NewPasswordFields";
import { useNewPassword } from "./use-new-password";

/** Where somebody who forgot a password chooses another one, with an administrator's link. */
export function ResetScreen() {
  const { t } = useTranslation();
  const token = useLocation({ select: ({ hash }) => readToken(hash, "token") });
  return (
    <EntryCard lead={token === undefined ? t("signIn.tagline") : t("reset.lead")}>
      {token === undefined ? (
        <>
          <StatePanel
            isPart
            icon={<IconLinkOff />}
            title={t("reset.incompleteTitle")}
            hint={t("reset.incompleteHint")}
          />
          <LinkButton to="/sign-in" variant="default">
            {t("signIn.title")}
          </LinkButton>
        </>
      ) : (
        <ResetForm token={token} />
      )}
    </EntryCard>
  );
}

function ResetForm({ token }: { token: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const password = useNewPassword();
  const reset = useMutation({
    ...useResetMutation(),
    onSuccess: () => navigate(arrive({ after: "wasReset" })),
  });
  return (
    <EntryForm
      title={t("reset.title")}
      error={reset.error}
      submit={t("reset.submit")}
      isPending={reset.isPending}
      onSubmit={() => {
        if (password.check()) reset.mutate({ body: { token, new_password: password.wanted } });
      }}
    >
      <NewPasswordFields
        password={password}
        label={t("account.newPassword")}
        repeatLabel={t("account.repeatPassword")}
      />
    </EntryForm>
  );
}

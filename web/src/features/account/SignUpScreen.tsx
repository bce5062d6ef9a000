import { TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { IconLock } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readSignUpOptions, signUpMutation } from "@/api/generated/@tanstack/react-query.gen";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LinkButton } from "@/components/ui/LinkButton";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { StatePanel } from "@/components/ui/StatePanel";
import { readToken } from "@/lib/token-links";
import { arrive } from "./arrival";
import { EntryCard } from "./EntryCard";
import { EntryForm, textOf } from "./EntryForm";
import { NewPasswordFields } from "./NewPasswordFields";
import { useNewPassword } from "./use-new-password";

/** Where somebody makes an account for themselves, if the service lets them. */
export function SignUpScreen() {
  const { t } = useTranslation();
  const invitation = useLocation({ select: ({ hash }) => readToken(hash, "invitation") });
  return (
    <EntryCard lead={invitation ? t("signUp.invited") : t("signIn.tagline")}>
      <Door invitation={invitation} />
      <LinkButton to="/sign-in" variant="default">
        {t("signUp.toSignIn")}
      </LinkButton>
    </EntryCard>
  );
}

function Door({ invitation }: { invitation: string | undefined }) {
  const { t } = useTranslation();
  const door = useQuery(readSignUpOptions());
  if (door.isPending) return <LoadingRows label={t("signUp.loading")} rows={3} />;
  if (door.isError) {
    return (
      <ErrorPanel
        isPart
        title={t("signUp.errorTitle")}
        error={door.error}
        onRetry={() => void door.refetch()}
      />
    );
  }
  if (door.data.mode === "closed") {
    return (
      <StatePanel
        isPart
        icon={<IconLock />}
        title={t("signUp.closedTitle")}
        hint={t("signUp.closedHint")}
      />
    );
  }
  return <SignUpForm invitation={invitation} isAsked={door.data.mode === "invitation"} />;
}

interface SignUpFormProps {
  invitation: string | undefined;
  /** Whether an invitation is needed; it is asked for if the link brought none. */
  isAsked: boolean;
}

function SignUpForm({ invitation, isAsked }: SignUpFormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const password = useNewPassword();
  const [missing, setMissing] = useState<{ name?: boolean; invitation?: boolean }>({});
  const signUp = useMutation({
    ...signUpMutation(),
    onSuccess: ({ name }) => navigate(arrive({ after: "signedUp", name })),
  });
  const needsInvitation = isAsked && invitation === undefined;

  const submit = (form: FormData) => {
    const name = textOf(form, "name").trim();
    const typed = textOf(form, "invitation").trim();
    // A whole link may be pasted as well as its code.
    const token = invitation ?? readToken(typed, "invitation") ?? typed;
    const gaps = { name: !name, invitation: needsInvitation && !token };
    setMissing(gaps);
    if (!password.check() || gaps.name || gaps.invitation) return;
    signUp.mutate({
      body: { name, password: password.wanted, ...(token && { invitation: token }) },
    });
  };

  return (
    <EntryForm
      title={t("signUp.title")}
      error={signUp.error}
      submit={t("signUp.submit")}
      isPending={signUp.isPending}
      onSubmit={submit}
    >
      {needsInvitation && (
        <TextInput
          name="invitation"
          label={t("signUp.invitation")}
          description={t("signUp.invitationHint")}
          autoComplete="off"
          error={missing.invitation && t("signIn.required")}
        />
      )}
      <TextInput
        name="name"
        label={t("signIn.name")}
        autoComplete="username"
        autoCapitalize="none"
        error={missing.name && t("signIn.required")}
      />
      <NewPasswordFields
        password={password}
        label={t("signIn.password")}
        repeatLabel={t("signUp.repeatPassword")}
      />
    </EntryForm>
  );
}

import { PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useLocation, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { loginMutation, readSignUpOptions } from "@/api/generated/@tanstack/react-query.gen";
import { LinkButton } from "@/components/ui/LinkButton";
import { EntryCard } from "./EntryCard";
import classes from "./EntryCard.module.css";
import { EntryForm, textOf } from "./EntryForm";

export function SignInScreen() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const queryClient = useQueryClient();
  const arrival = useLocation({ select: ({ state }) => state.arrival });
  const [isIncomplete, setIncomplete] = useState(false);
  const login = useMutation({
    ...loginMutation(),
    onSuccess: () => {
      // Nothing of an earlier visitor may be shown to this one.
      queryClient.clear();
      router.history.push(next ?? "/transcribe");
    },
  });

  const submit = (form: FormData) => {
    const [name, password] = [textOf(form, "name").trim(), textOf(form, "password")];
    setIncomplete(!name || !password);
    if (name && password) login.mutate({ body: { name, password, kind: "cookie" } });
  };

  return (
    <EntryCard lead={t("signIn.tagline")}>
      <EntryForm
        title={t("signIn.title")}
        error={login.error}
        notice={arrival && t(`signIn.${arrival.after}`)}
        submit={t("signIn.submit")}
        isPending={login.isPending}
        onSubmit={submit}
      >
        <TextInput
          name="name"
          label={t("signIn.name")}
          autoComplete="username"
          autoCapitalize="none"
          defaultValue={arrival?.name}
          error={isIncomplete && t("signIn.required")}
          data-autofocus
        />
        <PasswordInput
          name="password"
          label={t("signIn.password")}
          autoComplete="current-password"
          error={isIncomplete && t("signIn.required")}
        />
      </EntryForm>
      <WayIn />
    </EntryCard>
  );
}

/** How one gets an account, as far as the service says that one can. */
function WayIn() {
  const { t } = useTranslation();
  const { data } = useQuery(readSignUpOptions());
  return (
    <>
      {data && data.mode !== "closed" && (
        <LinkButton to="/sign-up" variant="default">
          {t("signIn.signUp")}
        </LinkButton>
      )}
      <p className={classes["hint"]}>{t("signIn.firstTime")}</p>
    </>
  );
}

import { Alert, Button, PasswordInput, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { loginMutation } from "@/api/generated/@tanstack/react-query.gen";
import { Brand } from "@/components/ui/Brand";
import { describeProblem } from "@/lib/describe-problem";
import { LanguageChoice } from "./LanguageChoice";
import classes from "./SignInScreen.module.css";

export function SignInScreen() {
  const { t } = useTranslation();
  const { next } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const queryClient = useQueryClient();
  const [isIncomplete, setIncomplete] = useState(false);
  const login = useMutation({
    ...loginMutation(),
    onSuccess: () => {
      // Nothing of an earlier visitor may be shown to this one.
      queryClient.clear();
      router.history.push(next ?? "/transcribe");
    },
  });

  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, password] = [textOf(form, "name").trim(), textOf(form, "password")];
    setIncomplete(!name || !password);
    if (name && password) login.mutate({ body: { name, password, kind: "cookie" } });
  };

  return (
    <main className={classes["screen"]}>
      <div className={classes["card"]}>
        <Brand isLarge />
        <p className={classes["tagline"]}>{t("signIn.tagline")}</p>
        <form onSubmit={submit} noValidate className={classes["form"]}>
          <Title order={1} size="h3">
            {t("signIn.title")}
          </Title>
          {login.isError && (
            <Alert color="red" variant="light" role="alert">
              {describeProblem(login.error, t)}
            </Alert>
          )}
          <TextInput
            name="name"
            label={t("signIn.name")}
            autoComplete="username"
            autoCapitalize="none"
            error={isIncomplete && t("signIn.required")}
            data-autofocus
          />
          <PasswordInput
            name="password"
            label={t("signIn.password")}
            autoComplete="current-password"
            error={isIncomplete && t("signIn.required")}
          />
          <Button type="submit" loading={login.isPending} fullWidth>
            {t("signIn.submit")}
          </Button>
        </form>
        <p className={classes["hint"]}>{t("signIn.firstTime")}</p>
        <LanguageChoice />
      </div>
    </main>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

import { Alert, Button } from "@mantine/core";
import type { ReactNode, SubmitEvent } from "react";
import { useTranslation } from "react-i18next";
import { PageTitle } from "@/components/ui/PageTitle";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./EntryCard.module.css";

interface EntryFormProps {
  title: string;
  /** Why the service refused the last attempt; null when it did not. */
  error: unknown;
  notice?: string | undefined;
  children: ReactNode;
  submit: string;
  isPending: boolean;
  onSubmit: (form: FormData) => void;
}

/** The form of such a page: what is asked, one button, and the reason when it is refused. */
export function EntryForm(props: EntryFormProps) {
  const { title, error, notice, children, submit, isPending, onSubmit } = props;
  const { t } = useTranslation();
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <form onSubmit={send} noValidate className={classes["form"]}>
      <PageTitle size="h3">{title}</PageTitle>
      {notice !== undefined && error === null && (
        <Alert color="green" variant="light" role="status">
          {notice}
        </Alert>
      )}
      {error !== null && (
        <Alert color="red" variant="light" role="alert">
          {describeProblem(error, t)}
        </Alert>
      )}
      {children}
      <Button type="submit" loading={isPending} fullWidth>
        {submit}
      </Button>
    </form>
  );
}

/** A field's text; empty where it was left out. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}

import { Alert, Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./DialogForm.module.css";

interface DialogFormProps {
  /** Why the service refused the last attempt; null when it did not. */
  error: unknown;
  isPending: boolean;
  submit: string;
  onSubmit: () => void;
  children: ReactNode;
}

/** The form of a dialog: why it was refused, what is asked, one button. */
export function DialogForm({ error, isPending, submit, onSubmit, children }: DialogFormProps) {
  const { t } = useTranslation();
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
      noValidate
    >
      {error !== null && (
        <Alert color="red" variant="light" role="alert">
          {describeProblem(error, t)}
        </Alert>
      )}
      {children}
      <Button type="submit" loading={isPending}>
        {submit}
      </Button>
    </form>
  );
}

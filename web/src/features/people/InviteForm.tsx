import { Alert, Button, TextInput } from "@mantine/core";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { InvitationRequest } from "@/api/generated";
import { Choice } from "@/components/ui/Choice";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./InviteForm.module.css";

const DAYS = [1, 7, 30];
const USUAL_DAYS = 7;

interface InviteFormProps {
  error: unknown;
  isPending: boolean;
  onSubmit: (wish: InvitationRequest) => void;
}

export function InviteForm({ error, isPending, onSubmit }: InviteFormProps) {
  const { t } = useTranslation();
  const [note, setNote] = useState("");
  const [isAdmin, setAdmin] = useState(false);
  const [days, setDays] = useState(USUAL_DAYS);

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onSubmit({
      role: isAdmin ? "admin" : "user",
      note: note.trim() || null,
      expires_in_days: days,
    });
  };

  return (
    <form className={classes["form"]} onSubmit={submit} noValidate>
      {error !== null && (
        <Alert color="red" variant="light" role="alert">
          {describeProblem(error, t)}
        </Alert>
      )}
      <TextInput
        label={t("invitations.note")}
        description={t("invitations.noteHint")}
        value={note}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
        autoComplete="off"
        data-autofocus
      />
      <Choice
        label={t("invitations.role")}
        data={[
          { value: "user", label: t("people.role.user") },
          { value: "admin", label: t("people.role.admin") },
        ]}
        value={isAdmin ? "admin" : "user"}
        onChange={(role) => {
          setAdmin(role === "admin");
        }}
      />
      <Choice
        label={t("invitations.expiry")}
        data={DAYS.map((count) => ({
          value: String(count),
          label: t("invitations.days", { count }),
        }))}
        value={String(days)}
        onChange={(value) => {
          setDays(Number(value ?? USUAL_DAYS));
        }}
      />
      <Button type="submit" loading={isPending}>
        {t("invitations.create")}
      </Button>
    </form>
  );
}

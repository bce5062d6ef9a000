import { TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { InvitationRequest } from "@/api/generated";
import { Choice } from "@/components/ui/Choice";
import { DialogForm } from "@/components/ui/DialogForm";

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

  const submit = () => {
    onSubmit({
      role: isAdmin ? "admin" : "user",
      note: note.trim() || null,
      expires_in_days: days,
    });
  };

  return (
    <DialogForm
      error={error}
      isPending={isPending}
      submit={t("invitations.create")}
      onSubmit={submit}
    >
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
    </DialogForm>
  );
}

import { Checkbox, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { KeyRequest } from "@/api/generated";
import { getMeOptions } from "@/api/generated/@tanstack/react-query.gen";
import { Choice } from "@/components/ui/Choice";
import { DialogForm } from "@/components/ui/DialogForm";

type Scope = KeyRequest["scopes"][number];

const USUAL = "usual";
const DAYS = [7, 30, 180, 365];

interface MakeKeyFormProps {
  error: unknown;
  isPending: boolean;
  onSubmit: (wish: KeyRequest) => void;
}

export function MakeKeyForm({ error, isPending, onSubmit }: MakeKeyFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["read"]);
  const [expiry, setExpiry] = useState<string>(USUAL);
  const [hasTried, setTried] = useState(false);
  const isNameMissing = name.trim() === "";

  const submit = () => {
    setTried(true);
    if (isNameMissing || scopes.length === 0) return;
    const days = expiry === USUAL ? null : Number(expiry);
    onSubmit({ name: name.trim(), scopes, expires_in_days: days });
  };

  return (
    <DialogForm error={error} isPending={isPending} submit={t("keys.create")} onSubmit={submit}>
      <TextInput
        label={t("keys.name")}
        description={t("keys.nameHint")}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
        error={hasTried && isNameMissing && t("signIn.required")}
        autoComplete="off"
        data-autofocus
      />
      <ScopeChoice
        scopes={scopes}
        onChange={setScopes}
        error={hasTried && scopes.length === 0 && t("keys.scopesMissing")}
      />
      <Choice
        label={t("keys.expiry")}
        data={[
          { value: USUAL, label: t("keys.expiryUsual") },
          ...DAYS.map((count) => ({ value: String(count), label: t("keys.days", { count }) })),
        ]}
        value={expiry}
        onChange={(value) => {
          setExpiry(value ?? USUAL);
        }}
      />
    </DialogForm>
  );
}

interface ScopeChoiceProps {
  scopes: Scope[];
  onChange: (scopes: Scope[]) => void;
  error: string | false;
}

function ScopeChoice({ scopes, onChange, error }: ScopeChoiceProps) {
  const { t } = useTranslation();
  const { data: account } = useQuery(getMeOptions());
  const offered: Scope[] =
    account?.role === "admin" ? ["read", "write", "admin"] : ["read", "write"];
  return (
    <Checkbox.Group
      label={t("keys.scopes")}
      value={scopes}
      onChange={(chosen) => {
        onChange(offered.filter((scope) => chosen.includes(scope)));
      }}
      error={error}
    >
      <Stack gap="sm">
        {offered.map((scope) => (
          <Checkbox
            key={scope}
            value={scope}
            label={t(`keys.scope.${scope}`)}
            description={t(`keys.scopeHint.${scope}`)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

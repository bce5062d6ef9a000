import { Alert, Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { verifyAuditEntries } from "@/api/generated";
import { describeProblem } from "@/lib/describe-problem";
import { Verification } from "./Verification";
import classes from "./VerifyAudit.module.css";

/** Walks along the chain on request, and says what it found. */
export function VerifyAudit() {
  const { t } = useTranslation();
  const [known, setKnown] = useState("");
  const verify = useMutation({
    mutationFn: async (noted: string) => {
      const query = noted === "" ? {} : { known: noted };
      return (await verifyAuditEntries({ query, throwOnError: true })).data;
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    verify.mutate(known.trim());
  };
  return (
    <section className={classes["panel"]} aria-label={t("audit.verification")}>
      <form className={classes["form"]} onSubmit={submit}>
        <TextInput
          className={classes["known"] ?? ""}
          label={t("audit.known")}
          description={t("audit.knownHint")}
          placeholder="1200:5f0c…"
          value={known}
          onChange={(event) => {
            setKnown(event.currentTarget.value);
          }}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" variant="default" loading={verify.isPending}>
          {t("audit.verify")}
        </Button>
      </form>
      {verify.isError && (
        <Alert color="red" variant="light" role="alert" title={t("audit.verifyFailed")}>
          {describeProblem(verify.error, t)}
        </Alert>
      )}
      {verify.data && <Verification found={verify.data} />}
    </section>
  );
}

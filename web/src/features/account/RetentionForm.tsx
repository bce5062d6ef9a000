import { Alert, Button, NumberInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountRetentionRead } from "@/api/generated";
import {
  getRetentionQueryKey,
  setRetentionMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./RetentionSection.module.css";

/** As the field has it: no days are the operator's wish. */
type Days = number | "";

/** What holds now, and fields for less time than the operator gives. */
export function RetentionForm({ retention }: { retention: AccountRetentionRead }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { own, operator, effective } = retention;
  const [audio, setAudio] = useState<Days>(own.audio_days ?? "");
  const [transcripts, setTranscripts] = useState<Days>(own.transcript_days ?? "");
  const save = useMutation({
    ...setRetentionMutation(),
    onSuccess: (kept) => {
      queryClient.setQueryData(getRetentionQueryKey(), kept);
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const wish = { audio_days: toWish(audio), transcript_days: toWish(transcripts) };
    save.mutate({ body: wish });
  };
  return (
    <form className={classes["panel"]} onSubmit={submit} noValidate>
      <div className={classes["parts"]}>
        <Part
          name={t("retention.audio")}
          effective={effective.audio_days}
          limit={operator.audio_days}
          least={0}
          value={audio}
          onChange={setAudio}
        />
        <Part
          name={t("retention.transcripts")}
          effective={effective.transcript_days}
          limit={operator.transcript_days}
          least={1}
          value={transcripts}
          onChange={setTranscripts}
        />
      </div>
      {save.isError && (
        <Alert color="red" variant="light" role="alert">
          {describeProblem(save.error, t)}
        </Alert>
      )}
      <p className={classes["limit"]}>{t("retention.sooner")}</p>
      <div className={classes["end"]}>
        <Button type="submit" variant="default" loading={save.isPending}>
          {t("retention.save")}
        </Button>
        <p className={classes["saved"]} role="status">
          {save.isSuccess && t("retention.saved")}
        </p>
      </div>
    </form>
  );
}

interface PartProps {
  name: string;
  effective: number | null;
  limit: number | null;
  least: number;
  value: Days;
  onChange: (days: Days) => void;
}

function Part({ name, effective, limit, least, value, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <div className={classes["part"]}>
      <Title order={3} size="h5">
        {name}
      </Title>
      <p className={classes["effective"]}>{useOutcome(effective)}</p>
      <p className={classes["limit"]}>
        {limit === null ? t("retention.noLimit") : t("retention.atMost", { count: limit })}
      </p>
      <NumberInput
        label={t("retention.days")}
        aria-label={t("retention.daysOf", { what: name })}
        description={t("retention.asOperator")}
        min={least}
        allowDecimal={false}
        allowNegative={false}
        value={value}
        onChange={(days) => {
          onChange(typeof days === "number" ? days : "");
        }}
      />
    </div>
  );
}

function useOutcome(days: number | null): string {
  const { t } = useTranslation();
  if (days === null) return t("retention.keptForever");
  return days === 0 ? t("retention.removedAtOnce") : t("retention.removedAfter", { count: days });
}

function toWish(days: Days): number | null {
  return days === "" ? null : days;
}

import { Alert, SegmentedControl, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobDefaults, ModelRead } from "@/api/generated";
import { listModelsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { pickModel } from "@/components/jobs/job-choices";
import { LanguageSelect } from "@/components/jobs/LanguageSelect";
import { useSavePreferences } from "@/components/preferences/use-preferences";
import { Answer } from "@/components/ui/Answer";
import { Choice } from "@/components/ui/Choice";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./PreferenceSection.module.css";

const USUAL = "";

/** What new transcriptions begin with; each change is kept at once. */
export function DefaultOptions({ kept }: { kept: JobDefaults }) {
  const { t } = useTranslation();
  return (
    <Answer
      query={useQuery(listModelsOptions())}
      loading={t("transcribe.modelsLoading")}
      rows={3}
      errorTitle={t("transcribe.modelsErrorTitle")}
    >
      {({ items }) => <KeptFields models={items} kept={kept} />}
    </Answer>
  );
}

function KeptFields({ models, kept }: { models: readonly ModelRead[]; kept: JobDefaults }) {
  const { t } = useTranslation();
  const save = useSavePreferences();
  // Shown while it is on its way; what the service keeps is shown again once it answered.
  const [wish, setWish] = useState<JobDefaults>();
  const shown = wish ?? kept;
  const set = (change: Partial<JobDefaults>) => {
    const wanted = { ...shown, ...change };
    setWish(wanted);
    save.mutate(
      { job_defaults: wanted },
      {
        onSettled: () => {
          setWish(undefined);
        },
      },
    );
  };

  return (
    <>
      <ModelChoice models={models} value={shown.model} onChange={set} />
      <OptionFields model={pickModel(models, shown.model)} shown={shown} onChange={set} />
      {save.isError ? (
        <Alert color="red" variant="light" role="alert">
          {t("preferences.notSaved", { reason: describeProblem(save.error, t) })}
        </Alert>
      ) : (
        <p className={classes["kept"]} role="status">
          {save.isSuccess && t("preferences.kept")}
        </p>
      )}
    </>
  );
}

interface ModelChoiceProps {
  models: readonly ModelRead[];
  value: string | null;
  onChange: (change: Partial<JobDefaults>) => void;
}

function ModelChoice({ models, value, onChange }: ModelChoiceProps) {
  const { t } = useTranslation();
  const staged = models.map(({ name, problem }) => ({
    value: name,
    label: problem === null ? name : t("transcribe.modelUnusable", { name }),
    disabled: problem !== null,
  }));
  const isGone = value !== null && !models.some(({ name }) => name === value);
  const gone = isGone
    ? [{ value, label: t("preferences.modelGone", { name: value }), disabled: true }]
    : [];
  return (
    <Choice
      label={t("preferences.model")}
      data={[{ value: USUAL, label: t("preferences.modelUsual") }, ...staged, ...gone]}
      value={value ?? USUAL}
      onChange={(chosen) => {
        onChange({ model: chosen === USUAL ? null : chosen });
      }}
    />
  );
}

interface OptionFieldsProps {
  model: ModelRead | undefined;
  shown: JobDefaults;
  onChange: (change: Partial<JobDefaults>) => void;
}

function OptionFields({ model, shown, onChange }: OptionFieldsProps) {
  const { t } = useTranslation();
  const taskLabel = useId();
  return (
    <>
      <LanguageSelect
        codes={model?.languages ?? []}
        value={shown.language}
        onChange={(language) => {
          onChange({ language });
        }}
      />
      {model?.is_multilingual && (
        <div className={classes["choice"]}>
          <span id={taskLabel}>{t("transcribe.task")}</span>
          <SegmentedControl<JobDefaults["task"]>
            fullWidth
            aria-labelledby={taskLabel}
            data={[
              { value: "transcribe", label: t("transcribe.taskTranscribe") },
              { value: "translate", label: t("transcribe.taskTranslate") },
            ]}
            value={shown.task}
            onChange={(task) => {
              onChange({ task });
            }}
          />
        </div>
      )}
      <Switch
        label={t("transcribe.wordTimestamps")}
        description={t("transcribe.wordTimestampsHint")}
        checked={shown.word_timestamps}
        onChange={(event) => {
          onChange({ word_timestamps: event.currentTarget.checked });
        }}
      />
    </>
  );
}

import {
  Alert,
  SegmentedControl,
  Select,
  Skeleton,
  Switch,
  Textarea,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { ModelRead } from "@/api/generated";
import { listModelsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { describeProblem } from "@/lib/describe-problem";
import type { JobChoices } from "./job-choices";
import classes from "./JobOptions.module.css";
import { LanguageSelect } from "./LanguageSelect";

interface JobOptionsProps {
  choices: JobChoices;
  onChange: (choices: JobChoices) => void;
}

/** The choices for the recordings about to be sent. */
export function JobOptions({ choices, onChange }: JobOptionsProps) {
  const { t } = useTranslation();
  const models = useQuery(listModelsOptions());
  const set = (change: Partial<JobChoices>) => {
    onChange({ ...choices, ...change });
  };
  const taskLabel = useId();

  if (models.isPending) return <Skeleton height={220} />;
  if (models.isError) {
    return (
      <Alert color="red" variant="light" role="alert">
        {describeProblem(models.error, t)}
      </Alert>
    );
  }
  const model = pickModel(models.data.items, choices.model);
  if (!model) {
    const problem = models.data.items.find((each) => each.problem !== null)?.problem;
    return (
      <Alert color="orange" variant="light">
        {problem ?? t("transcribe.modelsEmpty")}
      </Alert>
    );
  }
  return (
    <>
      <Select
        label={t("transcribe.model")}
        data={models.data.items.map(({ name, problem }) =>
          problem === null
            ? { value: name, label: name }
            : { value: name, label: t("transcribe.modelUnusable", { name }), disabled: true },
        )}
        value={model.name}
        allowDeselect={false}
        onChange={(name) => {
          onChange(
            fitChoices(
              choices,
              models.data.items.find((each) => each.name === name),
            ),
          );
        }}
      />
      <LanguageSelect
        codes={model.languages}
        value={choices.language}
        onChange={(language) => {
          set({ language });
        }}
      />
      {model.is_multilingual && (
        <div>
          <span id={taskLabel} className={classes["label"]}>
            {t("transcribe.task")}
          </span>
          <SegmentedControl<JobChoices["task"]>
            fullWidth
            aria-labelledby={taskLabel}
            data={[
              { value: "transcribe", label: t("transcribe.taskTranscribe") },
              { value: "translate", label: t("transcribe.taskTranslate") },
            ]}
            value={choices.task}
            onChange={(task) => {
              set({ task });
            }}
          />
        </div>
      )}
      <MoreOptions choices={choices} onChange={set} />
    </>
  );
}

/** The chosen model, else the default one, else the first; only one that works. */
function pickModel(models: readonly ModelRead[], chosen: string | null): ModelRead | undefined {
  const usable = models.filter((model) => model.problem === null);
  return (
    usable.find((model) => model.name === chosen) ??
    usable.find((model) => model.is_default) ??
    usable[0]
  );
}

/** The choices with another model, less what that model cannot do. */
function fitChoices(choices: JobChoices, model: ModelRead | undefined): JobChoices {
  if (!model) return choices;
  const knows = choices.language !== null && model.languages.includes(choices.language);
  return {
    ...choices,
    model: model.name,
    language: knows ? choices.language : null,
    task: model.is_multilingual ? choices.task : "transcribe",
  };
}

interface MoreOptionsProps {
  choices: JobChoices;
  onChange: (change: Partial<JobChoices>) => void;
}

function MoreOptions({ choices, onChange }: MoreOptionsProps) {
  const { t } = useTranslation();
  const [isOpen, { toggle }] = useDisclosure(false);
  const panel = useId();
  return (
    <>
      <UnstyledButton
        className={classes["more"]}
        onClick={toggle}
        aria-expanded={isOpen}
        aria-controls={panel}
      >
        <IconChevronDown size={16} aria-hidden="true" className={classes["chevron"]} />
        {t("transcribe.more")}
      </UnstyledButton>
      <div id={panel} hidden={!isOpen} className={classes["panel"]}>
        <Textarea
          label={t("transcribe.prompt")}
          description={t("transcribe.promptHint")}
          rows={3}
          maxLength={2000}
          value={choices.initialPrompt}
          onChange={(event) => {
            onChange({ initialPrompt: event.currentTarget.value });
          }}
        />
        <Textarea
          label={t("transcribe.hotwords")}
          description={t("transcribe.hotwordsHint")}
          rows={2}
          maxLength={2000}
          value={choices.hotwords}
          onChange={(event) => {
            onChange({ hotwords: event.currentTarget.value });
          }}
        />
        <Switch
          label={t("transcribe.wordTimestamps")}
          description={t("transcribe.wordTimestampsHint")}
          checked={choices.wordTimestamps}
          onChange={(event) => {
            onChange({ wordTimestamps: event.currentTarget.checked });
          }}
        />
      </div>
    </>
  );
}

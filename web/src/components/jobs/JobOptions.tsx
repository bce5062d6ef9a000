import { Alert, SegmentedControl, Switch, Textarea, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { ModelRead } from "@/api/generated";
import { listModelsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { Answer } from "@/components/ui/Answer";
import { Choice } from "@/components/ui/Choice";
import { fitChoices, type JobChoices, pickModel } from "./job-choices";
import classes from "./JobOptions.module.css";
import { LanguageSelect } from "./LanguageSelect";
import { SpeakersChoice } from "./SpeakersChoice";

interface JobOptionsProps {
  choices: JobChoices;
  onChange: (choices: JobChoices) => void;
}

/** The form of what can be chosen for a job. */
export function JobOptions(props: JobOptionsProps) {
  const { t } = useTranslation();
  return (
    <Answer
      query={useQuery(listModelsOptions())}
      loading={t("transcribe.modelsLoading")}
      rows={3}
      errorTitle={t("transcribe.modelsErrorTitle")}
    >
      {({ items }) => <ModelOptions models={items} {...props} />}
    </Answer>
  );
}

interface ModelOptionsProps extends JobOptionsProps {
  models: readonly ModelRead[];
}

function ModelOptions({ models, choices, onChange }: ModelOptionsProps) {
  const { t } = useTranslation();
  const set = (change: Partial<JobChoices>) => {
    onChange({ ...choices, ...change });
  };
  const taskLabel = useId();
  const model = pickModel(models, choices.model);
  if (!model) {
    const problem = models.find((each) => each.problem !== null)?.problem;
    return (
      <Alert color="orange" variant="light">
        {problem ?? t("transcribe.modelsEmpty")}
      </Alert>
    );
  }
  return (
    <>
      <Choice
        label={t("transcribe.model")}
        data={models.map(({ name, problem }) =>
          problem === null
            ? { value: name, label: name }
            : { value: name, label: t("transcribe.modelUnusable", { name }), disabled: true },
        )}
        value={model.name}
        onChange={(name) => {
          const chosen = models.find((each) => each.name === name);
          if (chosen) onChange(fitChoices(choices, chosen));
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
      <SpeakersChoice
        value={choices.speakers}
        onChange={(speakers) => {
          set({ speakers });
        }}
      />
      <MoreOptions choices={choices} onChange={set} />
    </>
  );
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
          description={t(
            choices.speakers === null
              ? "transcribe.wordTimestampsHint"
              : "transcribe.wordTimestampsForSpeakers",
          )}
          checked={choices.wordTimestamps || choices.speakers !== null}
          disabled={choices.speakers !== null}
          onChange={(event) => {
            onChange({ wordTimestamps: event.currentTarget.checked });
          }}
        />
      </div>
    </>
  );
}

import { Alert, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { listModelsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { Dialog } from "@/components/ui/Dialog";
import { describeProblem } from "@/lib/describe-problem";
import { focusContent } from "@/lib/focus";
import { createIdentifier } from "@/lib/identifiers";
import { fitChoices, pickModel, readChoices, toRerunRequest } from "./job-choices";
import { JobOptions } from "./JobOptions";
import classes from "./RerunDialog.module.css";
import { useJobActions } from "./use-job-actions";

interface RerunFormProps {
  job: JobRead;
  onClose: () => void;
}

/** The options of a job, to change and transcribe its recording with once more. */
export function RerunDialog({ isOpen, ...rest }: RerunFormProps & { isOpen: boolean }) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen={isOpen} onClose={rest.onClose} title={t("jobs.rerunTitle")}>
      <RerunForm {...rest} />
    </Dialog>
  );
}

function RerunForm({ job, onClose }: RerunFormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { rerun, call } = useJobActions(job.id);
  const models = useQuery(listModelsOptions());
  // Sent again after a lost answer the same choices make no second job; others are another request.
  const [draft, setDraft] = useState(() => ({
    choices: readChoices(job),
    key: createIdentifier(),
  }));
  const model = models.data && pickModel(models.data.items, draft.choices.model);
  const isModelGone = model !== undefined && model.name !== draft.choices.model;

  const send = (choices: typeof draft.choices) => {
    rerun.mutate(
      { ...call, body: toRerunRequest(choices), headers: { "Idempotency-Key": draft.key } },
      {
        onSuccess: ({ id }) => {
          onClose();
          focusContent();
          void navigate({ to: "/transcript/$jobId", params: { jobId: id } });
        },
      },
    );
  };

  return (
    <div className={classes["form"]}>
      <p className={classes["lead"]}>{t("jobs.rerunLead", { name: job.name })}</p>
      {isModelGone && (
        <Alert color="orange" variant="light">
          {t("jobs.rerunModelGone", { gone: job.model, model: model.name })}
        </Alert>
      )}
      <JobOptions
        choices={draft.choices}
        onChange={(choices) => {
          setDraft({ choices, key: createIdentifier() });
        }}
      />
      {rerun.isError && (
        <Alert color="red" variant="light" role="alert">
          {describeProblem(rerun.error, t)}
        </Alert>
      )}
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={onClose}>
          {t("jobs.rerunCancel")}
        </Button>
        <Button
          loading={rerun.isPending}
          disabled={model === undefined}
          onClick={() => {
            if (model) send(fitChoices(draft.choices, model));
          }}
        >
          {t("jobs.rerunConfirm")}
        </Button>
      </div>
    </div>
  );
}

import { Alert, Button, NumberInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AdminJobRead } from "@/api/generated";
import { prioritiseJobMutation } from "@/api/generated/@tanstack/react-query.gen";
import { Dialog } from "@/components/ui/Dialog";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./PriorityDialog.module.css";
import { refreshJobs } from "./refresh-jobs";

const LIMIT = 10;

interface PriorityDialogProps {
  job: AdminJobRead;
  onClose: () => void;
  onDone: (outcome: string) => void;
}

/** Lets a job go before others, or after them. Open for as long as it is rendered. */
export function PriorityDialog({ job, onClose, onDone }: PriorityDialogProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [priority, setPriority] = useState(job.priority);
  const send = useMutation({
    ...prioritiseJobMutation(),
    onSettled: () => refreshJobs(queryClient),
  });
  const { name } = job;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    send.mutate(
      { path: { job_id: job.id }, body: { priority } },
      {
        onSuccess: () => {
          onClose();
          onDone(t("anyJob.prioritised", { name, priority }));
        },
      },
    );
  };
  return (
    <Dialog isOpen onClose={onClose} title={t("anyJob.menu.prioritise")}>
      <form className={classes["form"]} onSubmit={submit} noValidate>
        <p className={classes["lead"]}>{t("anyJob.priorityLead", { name })}</p>
        {send.isError && (
          <Alert color="red" variant="light" role="alert">
            {describeProblem(send.error, t)}
          </Alert>
        )}
        <NumberInput
          label={t("anyJob.priority")}
          description={t("anyJob.priorityHint", { least: -LIMIT, most: LIMIT })}
          min={-LIMIT}
          max={LIMIT}
          allowDecimal={false}
          value={priority}
          onChange={(value) => {
            setPriority(typeof value === "number" ? value : 0);
          }}
          data-autofocus
        />
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={onClose}>
            {t("app.cancel")}
          </Button>
          <Button type="submit" loading={send.isPending}>
            {t("anyJob.menu.prioritise")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

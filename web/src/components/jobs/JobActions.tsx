import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { ActionMenu } from "@/components/ui/ActionMenu";
import { describeProblem } from "@/lib/describe-problem";
import { focusContent } from "@/lib/focus";
import { DeleteJobDialog, DeleteRecordingDialog, DeleteTranscriptDialog } from "./DeleteDialogs";
import { JobActionItems, type Question } from "./JobActionItems";
import classes from "./JobActions.module.css";
import { RerunDialog } from "./RerunDialog";
import { useJobActions } from "./use-job-actions";

interface JobActionsProps {
  job: JobRead;
  /** Leaves a screen that shows nothing but the deleted job. */
  onDeleted?: () => Promise<void>;
}

/** What may be done to a job in its present state. */
export function JobActions({ job, onDeleted }: JobActionsProps) {
  const { t } = useTranslation();
  const { call, cancel, retry, removeRecording, removeTranscript, remove, forget } = useJobActions(
    job.id,
  );
  const [question, setQuestion] = useState<Question>();
  const menuButton = useRef<HTMLButtonElement>(null);
  const fault = cancel.error ?? retry.error;

  const close = () => {
    setQuestion(undefined);
    removeRecording.reset();
    removeTranscript.reset();
    remove.reset();
    menuButton.current?.focus();
  };
  const leave = async () => {
    close();
    focusContent();
    await onDeleted?.();
    forget();
  };
  const dialog = { job, onClose: close };
  return (
    <>
      <ActionMenu ref={menuButton} label={t("jobs.actions", { name: job.name })}>
        <JobActionItems
          job={job}
          onAsk={setQuestion}
          onCancel={() => {
            cancel.mutate(call);
          }}
          onRetry={() => {
            retry.mutate(call);
          }}
        />
      </ActionMenu>
      <RerunDialog {...dialog} isOpen={question === "rerun"} />
      <DeleteRecordingDialog
        {...dialog}
        isOpen={question === "recording"}
        isPending={removeRecording.isPending}
        error={removeRecording.error}
        onConfirm={() => {
          removeRecording.mutate(call, { onSuccess: close });
        }}
      />
      <DeleteTranscriptDialog
        {...dialog}
        isOpen={question === "transcript"}
        isPending={removeTranscript.isPending}
        error={removeTranscript.error}
        onConfirm={() => {
          removeTranscript.mutate(call, { onSuccess: close });
        }}
      />
      <DeleteJobDialog
        {...dialog}
        isOpen={question === "job"}
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => {
          remove.mutate(call, { onSuccess: () => void leave() });
        }}
      />
      {fault !== null && (
        <Fault
          error={fault}
          onClose={() => {
            cancel.reset();
            retry.reset();
          }}
        />
      )}
    </>
  );
}

function Fault({ error, onClose }: { error: unknown; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <p className={classes["fault"]} role="alert">
      {describeProblem(error, t)}{" "}
      <Button variant="subtle" size="compact-xs" color="red" onClick={onClose}>
        {t("app.close")}
      </Button>
    </p>
  );
}

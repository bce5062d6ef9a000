import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { describeProblem } from "@/lib/describe-problem";
import { focusContent } from "@/lib/focus";
import { DeleteJobDialog, DeleteRecordingDialog } from "./DeleteDialogs";
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
  const { call, cancel, retry, removeRecording, remove, forget } = useJobActions(job.id);
  const [question, setQuestion] = useState<Question>();
  const menuButton = useRef<HTMLButtonElement>(null);
  const fault = cancel.error ?? retry.error;

  const close = () => {
    setQuestion(undefined);
    removeRecording.reset();
    remove.reset();
    // The entry that asked is gone with its menu.
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
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <ActionIcon
            ref={menuButton}
            variant="subtle"
            color="gray"
            aria-label={t("jobs.actions", { name: job.name })}
          >
            <IconDots size={18} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
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
        </Menu.Dropdown>
      </Menu>
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
        <p className={classes["fault"]} role="alert">
          {describeProblem(fault, t)}{" "}
          <Button
            variant="subtle"
            size="compact-xs"
            color="red"
            onClick={() => {
              cancel.reset();
              retry.reset();
            }}
          >
            {t("app.close")}
          </Button>
        </p>
      )}
    </>
  );
}

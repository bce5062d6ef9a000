import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type AdminJobRead, cancelAnyJob, deleteAnyJob, retryAnyJob } from "@/api/generated";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { focusContent } from "@/lib/focus";
import { useAccountName } from "../account-names";
import { refreshJobs } from "./refresh-jobs";

export type Act = "cancel" | "delete" | "retry";

const calls: Record<Act, (options: CallOptions) => Promise<unknown>> = {
  cancel: cancelAnyJob<true>,
  delete: deleteAnyJob<true>,
  retry: retryAnyJob<true>,
};

interface CallOptions {
  path: { job_id: string };
  throwOnError: true;
}

interface ActDialogProps {
  job: AdminJobRead;
  act: Act;
  onClose: () => void;
  onDone: (outcome: string) => void;
}

/** Asks before something is done to somebody's job. Open for as long as it is rendered. */
export function ActDialog({ job, act, onClose, onDone }: ActDialogProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const owner = useAccountName(job.user_id);
  const send = useMutation({
    mutationFn: () => calls[act]({ path: { job_id: job.id }, throwOnError: true }),
    // A refusal may tell of a change made elsewhere, so the list is asked for either way.
    onSettled: () => refreshJobs(queryClient),
  });
  const { name } = job;
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={t(`anyJob.ask.${act}`)}
      confirm={t(`anyJob.menu.${act}`)}
      keep={t("app.cancel")}
      isLoss={act !== "retry"}
      isPending={send.isPending}
      error={send.error}
      onConfirm={() => {
        send.mutate(undefined, {
          onSuccess: () => {
            onClose();
            if (act === "delete") focusContent();
            onDone(t(`anyJob.done.${act}`, { name }));
          },
        });
      }}
    >
      <p>{t(`anyJob.body.${act}`, { name, owner })}</p>
    </ConfirmDialog>
  );
}

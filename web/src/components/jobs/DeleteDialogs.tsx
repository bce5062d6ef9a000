import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";

interface DeleteDialogProps {
  job: JobRead;
  isOpen: boolean;
  onClose: () => void;
  onConfirm: () => void;
  isPending: boolean;
  error: unknown;
}

/** Asks before a job goes with its transcript. */
export function DeleteJobDialog({ job, ...rest }: DeleteDialogProps) {
  const { t } = useTranslation();
  return (
    <ConfirmDialog
      {...rest}
      title={t("jobs.deleteTitle")}
      confirm={t("jobs.deleteConfirm")}
      keep={t("jobs.keep")}
    >
      <p>{t("jobs.deleteBody", { name: job.name })}</p>
    </ConfirmDialog>
  );
}

/** Asks before the recording goes and the job stays. */
export function DeleteRecordingDialog({ job, ...rest }: DeleteDialogProps) {
  const { t } = useTranslation();
  const isRead = job.state === "completed";
  return (
    <ConfirmDialog
      {...rest}
      title={t("jobs.deleteRecordingTitle")}
      confirm={t("jobs.deleteRecordingConfirm")}
      keep={t("jobs.keep")}
    >
      <p>{t("jobs.deleteRecordingBody", { name: job.name })}</p>
      <p>{t(isRead ? "jobs.deleteRecordingKeeps" : "jobs.deleteRecordingNoText")}</p>
    </ConfirmDialog>
  );
}

/** Asks before the text goes and the job stays with its recording. */
export function DeleteTranscriptDialog({ job, ...rest }: DeleteDialogProps) {
  const { t } = useTranslation();
  return (
    <ConfirmDialog
      {...rest}
      title={t("jobs.deleteTranscriptTitle")}
      confirm={t("jobs.deleteTranscriptConfirm")}
      keep={t("jobs.keep")}
    >
      <p>{t("jobs.deleteTranscriptBody", { name: job.name })}</p>
      <p>{t(job.has_audio ? "jobs.deleteTranscriptKeeps" : "jobs.deleteTranscriptNoAudio")}</p>
    </ConfirmDialog>
  );
}

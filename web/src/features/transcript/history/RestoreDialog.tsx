import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import type { OpenTranscript } from "../open-transcript";
import { useRestore } from "./use-restore";

interface RestoreDialogProps {
  transcript: OpenTranscript;
  number: number;
  isOpen: boolean;
  onClose: () => void;
}

/** Asks before an earlier content becomes the newest; nothing is lost by it. */
export function RestoreDialog({ transcript, number, isOpen, onClose }: RestoreDialogProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const restore = useRestore(transcript);
  const close = () => {
    restore.reset();
    onClose();
  };
  const title = number === 0 ? t("history.restoreMachine") : t("history.restoreTitle", { number });
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={close}
      title={title}
      confirm={t("history.restore")}
      keep={t("app.cancel")}
      isLoss={false}
      isPending={restore.isPending}
      error={restore.error}
      onConfirm={() => {
        restore.mutate(number, {
          onSuccess: () => {
            close();
            // What came back is the newest now, which has the plain address.
            void navigate({
              to: "/transcript/$jobId",
              params: { jobId: transcript.jobId },
              search: {},
            });
          },
        });
      }}
    >
      <p>{t("history.restoreBody")}</p>
    </ConfirmDialog>
  );
}

import { Alert, Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./ConfirmDialog.module.css";
import { Dialog } from "./Dialog";

interface ConfirmDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What will be lost, or changed. */
  children: ReactNode;
  /** The words on the two buttons. */
  confirm: string;
  keep: string;
  onConfirm: () => void;
  isPending: boolean;
  error: unknown;
  /** False when nothing is lost by it. */
  isLoss?: boolean;
}

/** Asks before something is lost; it stays open, with the reason, when the service refuses. */
export function ConfirmDialog({
  isOpen,
  onClose,
  title,
  children,
  confirm,
  keep,
  onConfirm,
  isPending,
  error,
  isLoss = true,
}: ConfirmDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title}>
      <div className={classes["body"]}>{children}</div>
      {error !== null && (
        <Alert color="red" variant="light" role="alert" className={classes["fault"]}>
          {describeProblem(error, t)}
        </Alert>
      )}
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {keep}
        </Button>
        <Button {...(isLoss && { color: "red.9" })} loading={isPending} onClick={onConfirm}>
          {confirm}
        </Button>
      </div>
    </Dialog>
  );
}

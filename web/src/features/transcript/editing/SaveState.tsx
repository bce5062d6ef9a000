import { ActionIcon, Button, Tooltip } from "@mantine/core";
import {
  IconAlertTriangle,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCheck,
  IconCloudOff,
  IconPencil,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { ProblemError } from "@/api/problem";
import { describeProblem } from "@/lib/describe-problem";
import { useObservable } from "@/lib/observable";
import { useEditing } from "./EditContext";
import type { SaveStatus } from "./saver";
import classes from "./SaveState.module.css";

/** Whether everything is saved, and the ways back and forth. */
export function SaveState() {
  const { t } = useTranslation();
  const { session } = useEditing();
  const { canUndo, canRedo } = useObservable(session.state);
  const step = (label: string, icon: ReactNode, isPossible: boolean, run: () => void) => (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size={36}
        aria-label={label}
        // It keeps the focus when the last step is done.
        aria-disabled={!isPossible}
        data-disabled={!isPossible || undefined}
        onClick={run}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <div className={classes["state"]} role="group" aria-label={t("editing.edited")}>
      {step(t("editing.undo"), <IconArrowBackUp size={18} />, canUndo, session.undo)}
      {step(t("editing.redo"), <IconArrowForwardUp size={18} />, canRedo, session.redo)}
      <Status />
    </div>
  );
}

function Status() {
  const { t } = useTranslation();
  const { session, clashes: view } = useEditing();
  const status = useObservable(session.saver.status);
  const { clashes } = useObservable(session.state);
  const isClash = clashes.length > 0;
  const { icon, text } = describe(status, isClash, t);
  return (
    <>
      <span className={classes["status"]} role="status" data-kind={isClash ? "clash" : status.kind}>
        {icon}
        {text}
      </span>
      {isClash && (
        <Button
          size="compact-sm"
          onClick={() => {
            view.set(true);
          }}
        >
          {t("saving.decide")}
        </Button>
      )}
      {(status.kind === "waiting" || status.kind === "refused") && (
        <Button variant="default" size="compact-sm" onClick={() => void session.saver.flush()}>
          {t("saving.retry")}
        </Button>
      )}
      {status.kind === "refused" && (
        <Button variant="default" size="compact-sm" onClick={session.saver.discard}>
          {t("saving.discard")}
        </Button>
      )}
    </>
  );
}

function describe(status: SaveStatus, isClash: boolean, t: TFunction): Description {
  const size = { size: 16, "aria-hidden": true } as const;
  if (status.kind === "refused") {
    const reason = describeProblem(status.error, t);
    return { icon: <IconAlertTriangle {...size} />, text: t("saving.refused", { reason }) };
  }
  if (isClash) return { icon: <IconAlertTriangle {...size} />, text: t("saving.clash") };
  if (status.kind === "waiting") {
    const isOffline = status.error instanceof ProblemError && status.error.status === 0;
    const text = t(isOffline ? "saving.offline" : "saving.waiting");
    return { icon: <IconCloudOff {...size} />, text };
  }
  if (status.kind === "saved") return { icon: <IconCheck {...size} />, text: t("saving.saved") };
  const text = status.kind === "saving" ? t("saving.saving") : t("saving.unsaved");
  return { icon: <IconPencil {...size} />, text };
}

interface Description {
  icon: ReactNode;
  text: string;
}

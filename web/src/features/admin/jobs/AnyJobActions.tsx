import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowsSort,
  IconDots,
  IconPlayerStop,
  IconRefresh,
  IconTimeline,
  IconTrash,
} from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AdminJobRead } from "@/api/generated";
import { ActionItem } from "@/components/ui/ActionItem";
import { isActive, isRetryable } from "@/lib/jobs";
import { type Act, ActDialog } from "./ActDialog";
import { EventsDialog } from "./EventsDialog";
import { PriorityDialog } from "./PriorityDialog";

type Question = Act | "events" | "prioritise";

interface AnyJobActionsProps {
  job: AdminJobRead;
  onDone: (outcome: string) => void;
}

/** What an administrator may do to a job in its present state; each is asked about first. */
export function AnyJobActions({ job, onDone }: AnyJobActionsProps) {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question>();
  const menuButton = useRef<HTMLButtonElement>(null);
  const close = () => {
    setQuestion(undefined);
    // The entry that asked is gone with its menu.
    menuButton.current?.focus();
  };
  const dialog = { job, onClose: close, onDone };
  return (
    <>
      <Menu position="bottom-end" width={260}>
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
          <Items job={job} onAsk={setQuestion} />
        </Menu.Dropdown>
      </Menu>
      {question === "events" && <EventsDialog job={job} onClose={close} />}
      {question === "prioritise" && <PriorityDialog {...dialog} />}
      {(question === "cancel" || question === "retry" || question === "delete") && (
        <ActDialog {...dialog} act={question} />
      )}
    </>
  );
}

interface ItemsProps {
  job: AdminJobRead;
  onAsk: (question: Question) => void;
}

function Items({ job, onAsk }: ItemsProps) {
  const { t } = useTranslation();
  const item = (question: Question, icon: ReactNode, reason?: string) => (
    <ActionItem
      icon={icon}
      isLoss={question === "delete"}
      reason={reason}
      onClick={() => {
        onAsk(question);
      }}
    >
      {t(`anyJob.menu.${question}`)}
    </ActionItem>
  );
  const icon = { size: 16, "aria-hidden": true };
  return (
    <>
      {item("events", <IconTimeline {...icon} />)}
      {isActive(job) && item("prioritise", <IconArrowsSort {...icon} />)}
      {isActive(job) &&
        item(
          "cancel",
          <IconPlayerStop {...icon} />,
          job.cancel_requested ? t("jobs.cancelling") : undefined,
        )}
      {isRetryable(job) &&
        item(
          "retry",
          <IconRefresh {...icon} />,
          job.has_audio ? undefined : t("jobs.recordingNeeded"),
        )}
      {item("delete", <IconTrash {...icon} />)}
    </>
  );
}

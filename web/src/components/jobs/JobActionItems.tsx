import { Menu } from "@mantine/core";
import {
  IconAdjustments,
  IconDownload,
  IconFileOff,
  IconPlayerStop,
  IconRefresh,
  IconTrash,
  IconVolumeOff,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { addressOf } from "@/api/address";
import { type JobRead, readMedia } from "@/api/generated";
import { isActive, isRetryable } from "@/lib/jobs";
import { ActionItem } from "@/components/ui/ActionItem";

/** What is asked about before it is done. */
export type Question = "rerun" | "recording" | "transcript" | "job";

interface JobActionItemsProps {
  job: JobRead;
  onAsk: (question: Question) => void;
  onCancel: () => void;
  onRetry: () => void;
}

/** The entries of a job's menu: those its state allows, and why one it would allow is closed. */
export function JobActionItems({ job, onAsk, onCancel, onRetry }: JobActionItemsProps) {
  const { t } = useTranslation();
  const icon = { size: 16, "aria-hidden": true };
  const whyNotAgain = job.has_audio ? undefined : t("jobs.recordingNeeded");
  return (
    <>
      {isActive(job) && (
        <ActionItem
          icon={<IconPlayerStop {...icon} />}
          reason={job.cancel_requested ? t("jobs.cancelling") : undefined}
          onClick={onCancel}
        >
          {t("jobs.cancel")}
        </ActionItem>
      )}
      {isRetryable(job) && (
        <ActionItem icon={<IconRefresh {...icon} />} reason={whyNotAgain} onClick={onRetry}>
          {t("jobs.retry")}
        </ActionItem>
      )}
      <ActionItem
        icon={<IconAdjustments {...icon} />}
        reason={whyNotAgain}
        onClick={() => {
          onAsk("rerun");
        }}
      >
        {t("jobs.rerun")}
      </ActionItem>
      {job.has_audio && (
        <Menu.Item
          component="a"
          leftSection={<IconDownload {...icon} />}
          href={addressOf(readMedia, {
            path: { recording_id: job.recording_id },
            query: { download: true },
          })}
          download={job.name}
        >
          {t("jobs.downloadRecording")}
        </Menu.Item>
      )}
      {job.has_audio && (
        <ActionItem
          icon={<IconVolumeOff {...icon} />}
          isLoss
          reason={isActive(job) ? t("jobs.recordingInUse") : undefined}
          onClick={() => {
            onAsk("recording");
          }}
        >
          {t("jobs.deleteRecording")}
        </ActionItem>
      )}
      {job.state === "completed" && job.has_transcript && (
        <ActionItem
          icon={<IconFileOff {...icon} />}
          isLoss
          onClick={() => {
            onAsk("transcript");
          }}
        >
          {t("jobs.deleteTranscript")}
        </ActionItem>
      )}
      <ActionItem
        icon={<IconTrash {...icon} />}
        isLoss
        onClick={() => {
          onAsk("job");
        }}
      >
        {t("jobs.delete")}
      </ActionItem>
    </>
  );
}

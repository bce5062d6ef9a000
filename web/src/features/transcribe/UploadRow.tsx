import { ActionIcon, Progress } from "@mantine/core";
import { IconRefresh, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { readJobOptions } from "@/api/generated/@tanstack/react-query.gen";
import { JobStatus } from "@/components/jobs/JobStatus";
import { LinkButton } from "@/components/ui/LinkButton";
import { describeProblem } from "@/lib/describe-problem";
import { pollJob } from "@/lib/jobs";
import { formatBytes, formatSpan } from "@/lib/quantities";
import type { UploadItem } from "./upload-queue";
import classes from "./UploadList.module.css";
import { uploads } from "./uploads";

/** One file: its upload first, then the job it became. */
export function UploadRow({ item }: { item: UploadItem }) {
  return (
    <li className={classes["row"]}>
      <span className={classes["name"]} title={item.file.name}>
        {item.file.name}
      </span>
      {item.job ? <SentJob job={item.job} /> : <Sending item={item} />}
    </li>
  );
}

function SentJob({ job: first }: { job: JobRead }) {
  const { t } = useTranslation();
  const { data: job = first, error } = useQuery({
    ...readJobOptions({ path: { job_id: first.id } }),
    refetchInterval: (query) => pollJob(query.state.data),
  });
  return (
    <>
      <div className={classes["status"]}>
        {error ? (
          <span className={classes["fault"]}>{describeProblem(error, t)}</span>
        ) : (
          <JobStatus job={job} />
        )}
      </div>
      <div className={classes["actions"]}>
        {job.state === "completed" && (
          <LinkButton
            to="/transcript/$jobId"
            params={{ jobId: job.id }}
            size="compact-md"
            variant="light"
            aria-label={t("jobs.open", { name: job.name })}
          >
            {t("transcribe.openTranscript")}
          </LinkButton>
        )}
      </div>
    </>
  );
}

function Sending({ item }: { item: UploadItem }) {
  const { t } = useTranslation();
  const { name } = item.file;
  const isOnItsWay = item.state === "sending" || item.state === "waiting";
  return (
    <>
      <div className={classes["status"]}>
        <UploadStatus item={item} />
      </div>
      <div className={classes["actions"]}>
        {item.state === "failed" && (
          <ActionIcon
            variant="subtle"
            aria-label={t("transcribe.retryUpload", { name })}
            onClick={() => {
              uploads.retry(item.id);
            }}
          >
            <IconRefresh size={18} aria-hidden="true" />
          </ActionIcon>
        )}
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t(isOnItsWay ? "transcribe.cancelUpload" : "transcribe.remove", { name })}
          onClick={() => {
            uploads.remove(item.id);
          }}
        >
          <IconX size={18} aria-hidden="true" />
        </ActionIcon>
      </div>
    </>
  );
}

function UploadStatus({ item }: { item: UploadItem }) {
  const { t, i18n } = useTranslation();
  const size = formatBytes(item.file.size, i18n.language);
  switch (item.state) {
    case "ready":
      return t("transcribe.ready", { size });
    case "waiting":
      return t("transcribe.waiting");
    case "failed":
      return (
        <span className={classes["fault"]} role="alert">
          {t("transcribe.failed")}: {describeProblem(item.error, t)}
        </span>
      );
    default:
      return <SendingStatus item={item} size={size} />;
  }
}

function SendingStatus({ item, size }: { item: UploadItem; size: string }) {
  const { t, i18n } = useTranslation();
  const { sentBytes, bytesPerSecond, file } = item;
  const isFinishing = file.size > 0 && sentBytes >= file.size;
  const facts = [
    t("transcribe.uploading", { sent: formatBytes(sentBytes, i18n.language), total: size }),
  ];
  if (bytesPerSecond > 0) {
    facts.push(
      t("transcribe.speed", { speed: formatBytes(bytesPerSecond, i18n.language) }),
      t("transcribe.remaining", {
        time: formatSpan((file.size - sentBytes) / bytesPerSecond, i18n.language),
      }),
    );
  }
  return (
    <>
      {isFinishing ? t("transcribe.finishing") : facts.join(" · ")}
      <Progress.Root size="sm" className={classes["bar"]}>
        <Progress.Section
          value={file.size > 0 ? (sentBytes / file.size) * 100 : 0}
          animated={isFinishing}
          aria-label={t("transcribe.uploadProgress", { name: file.name })}
        />
      </Progress.Root>
    </>
  );
}

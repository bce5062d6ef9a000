import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { JobAccepted } from "@/api/generated";
import { deleteJobMutation } from "@/api/generated/@tanstack/react-query.gen";
import { JobStatus } from "@/components/jobs/JobStatus";
import { useLiveJob } from "@/components/jobs/live/use-live-job";
import { LinkButton } from "@/components/ui/LinkButton";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./UploadList.module.css";

interface SentJobProps {
  job: JobAccepted;
  /** Takes it out of the list. */
  onDropped: () => void;
}

/** The job that a file became. */
export function SentJob({ job: first, onDropped }: SentJobProps) {
  const { t } = useTranslation();
  const drop = useMutation({ ...deleteJobMutation(), onSuccess: onDropped });
  const isBeingDeleted = drop.isPending || drop.isSuccess;
  const { data: job = first, error } = useLiveJob(first.id, isBeingDeleted);
  const earlierId = first.duplicate_of?.job_ids[0];
  return (
    <>
      <div className={classes["status"]}>
        {error ? (
          <span className={classes["fault"]}>{describeProblem(error, t)}</span>
        ) : (
          <JobStatus job={job} />
        )}
        {earlierId !== undefined && (
          <Twin
            earlierId={earlierId}
            isBeingDeleted={isBeingDeleted}
            error={drop.error}
            onDrop={() => {
              drop.mutate({ path: { job_id: first.id } });
            }}
          />
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
            {t("sending.open")}
          </LinkButton>
        )}
      </div>
    </>
  );
}

interface TwinProps {
  earlierId: string;
  isBeingDeleted: boolean;
  /** Why the job could not be deleted. */
  error: unknown;
  onDrop: () => void;
}

/** The same recording was transcribed before: its transcript will do, and this job need not run. */
function Twin({ earlierId, isBeingDeleted, error, onDrop }: TwinProps) {
  const { t } = useTranslation();
  return (
    <div className={classes["twin"]}>
      <p>{t("sending.twin")}</p>
      <div className={classes["choices"]}>
        <LinkButton
          to="/transcript/$jobId"
          params={{ jobId: earlierId }}
          size="compact-sm"
          variant="light"
        >
          {t("sending.twinOpen")}
        </LinkButton>
        <Button size="compact-sm" variant="default" loading={isBeingDeleted} onClick={onDrop}>
          {t("sending.twinKeep")}
        </Button>
      </div>
      {error !== null && (
        <span className={classes["fault"]} role="alert">
          {describeProblem(error, t)}
        </span>
      )}
    </div>
  );
}

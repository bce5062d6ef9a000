import { IconClock, IconEraser, IconFileOff, IconPlayerStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { readOverviewOptions } from "@/api/generated/@tanstack/react-query.gen";
import { isGone } from "@/api/problem";
import { JobActions } from "@/components/jobs/JobActions";
import { JobStatus } from "@/components/jobs/JobStatus";
import { useLiveJob } from "@/components/jobs/live/use-live-job";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { PageTitle } from "@/components/ui/PageTitle";
import { StatePanel } from "@/components/ui/StatePanel";
import { isActive } from "@/lib/jobs";
import { SameRecording } from "./SameRecording";
import { TranscriptProvider } from "./TranscriptProvider";
import { TranscriptWorkspace } from "./TranscriptWorkspace";
import classes from "./TranscriptScreen.module.css";

export function TranscriptScreen() {
  const { t } = useTranslation();
  const { jobId } = useParams({ from: "/signed-in/transcript/$jobId" });
  const navigate = useNavigate();
  const job = useLiveJob(jobId);
  const isLost = job.isError && (!job.data || isGone(job.error));
  return (
    <article className={classes["screen"]}>
      <Link to="/library" className={classes["back"]}>
        <span aria-hidden="true" className={classes["arrow"]}>
          ←
        </span>{" "}
        {t("transcript.back")}
      </Link>
      {job.isPending && <LoadingRows label={t("transcript.loading")} rows={7} />}
      {isLost && (
        <ErrorPanel
          title={t("transcript.errorTitle")}
          error={job.error}
          onRetry={() => {
            void job.refetch();
          }}
        />
      )}
      {job.data && !isLost && (
        <>
          <div className={classes["heading"]}>
            <PageTitle className={classes["name"]}>{job.data.name}</PageTitle>
            <JobActions
              key={job.data.id}
              job={job.data}
              onDeleted={() => navigate({ to: "/library" })}
            />
          </div>
          <JobResult job={job.data} />
        </>
      )}
    </article>
  );
}

function JobResult({ job }: { job: JobRead }) {
  const { t } = useTranslation();
  if (job.state !== "completed") return <UnfinishedJob job={job} />;
  if (job.has_transcript) return <FinishedTranscript job={job} />;
  return (
    <StatePanel
      icon={<IconEraser />}
      title={t("history.deletedTitle")}
      hint={job.has_audio ? t("history.deletedHint") : t("jobs.recordingNeeded")}
      action={<SameRecording job={job} />}
    />
  );
}

function FinishedTranscript({ job }: { job: JobRead }) {
  const { t } = useTranslation();
  const { revision } = useSearch({ from: "/signed-in/transcript/$jobId" });
  const overview = useQuery({
    ...readOverviewOptions({ path: { job_id: job.id } }),
    // Edits change only what the store of segments keeps.
    staleTime: Infinity,
  });
  if (overview.isPending) return <LoadingRows label={t("transcript.loading")} rows={7} />;
  if (overview.isError) {
    return (
      <ErrorPanel
        title={t("transcript.errorTitle")}
        error={overview.error}
        onRetry={() => {
          void overview.refetch();
        }}
      />
    );
  }
  return (
    <TranscriptProvider key={job.id} job={job} overview={overview.data} asked={revision}>
      <TranscriptWorkspace />
    </TranscriptProvider>
  );
}

function UnfinishedJob({ job }: { job: JobRead }) {
  const { t } = useTranslation();
  const status = <JobStatus job={job} />;
  if (isActive(job)) {
    return (
      <StatePanel
        icon={<IconClock />}
        title={t("transcript.pendingTitle")}
        hint={t("transcript.pendingHint")}
        action={status}
        role="status"
      />
    );
  }
  const hint = job.has_audio ? undefined : t("jobs.recordingNeeded");
  return job.state === "cancelled" ? (
    <StatePanel icon={<IconPlayerStop />} title={t("transcript.cancelledTitle")} hint={hint} />
  ) : (
    <StatePanel
      icon={<IconFileOff />}
      title={t("transcript.failedTitle")}
      hint={hint}
      action={status}
    />
  );
}

import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { JobActions } from "@/components/jobs/JobActions";
import { JobStatus } from "@/components/jobs/JobStatus";
import { formatClock, formatExactMoment, formatLanguageName, formatMoment } from "@/lib/quantities";
import classes from "./JobRow.module.css";

/** One transcription: its name leads to the transcript, its state shows live. */
export function JobRow({ job }: { job: JobRead }) {
  const { t, i18n } = useTranslation();
  const facts = [
    job.duration_seconds !== null && formatClock(job.duration_seconds),
    job.language !== null && formatLanguageName(job.language, i18n.language),
    job.model,
    !job.has_audio && t("jobs.noRecording"),
  ].filter((fact) => fact !== false);
  return (
    <li className={classes["row"]}>
      <div className={classes["what"]}>
        <Link to="/transcript/$jobId" params={{ jobId: job.id }} className={classes["name"]}>
          {job.name}
        </Link>
        <span className={classes["facts"]}>{facts.join(" · ")}</span>
      </div>
      <JobStatus job={job} />
      <time
        dateTime={job.created_at}
        className={classes["when"]}
        title={formatExactMoment(job.created_at, i18n.language)}
      >
        {formatMoment(job.created_at, i18n.language)}
      </time>
      <JobActions job={job} />
    </li>
  );
}

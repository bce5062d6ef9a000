import { useTranslation } from "react-i18next";
import type { AdminJobRead } from "@/api/generated";
import { JobStatus } from "@/components/jobs/JobStatus";
import { formatClock, formatExactMoment, formatMoment } from "@/lib/quantities";
import { useAccountName } from "../account-names";
import { AnyJobActions } from "./AnyJobActions";
import classes from "./AnyJobRow.module.css";

interface AnyJobRowProps {
  job: AdminJobRead;
  /** Hears what came of an act. */
  onDone: (outcome: string) => void;
}

/** One job of anybody's, with whose it is and what an operator may do to it. */
export function AnyJobRow({ job, onDone }: AnyJobRowProps) {
  const { t, i18n } = useTranslation();
  const owner = useAccountName(job.user_id);
  const facts = [
    t("anyJob.of", { owner }),
    job.duration_seconds !== null && formatClock(job.duration_seconds),
    job.model,
    job.priority !== 0 && t("anyJob.priorityIs", { priority: job.priority }),
    !job.has_audio && t("jobs.noRecording"),
  ].filter((fact) => fact !== false);
  return (
    <li className={classes["row"]}>
      <div className={classes["what"]}>
        <span className={classes["name"]}>{job.name}</span>
        <span className={classes["facts"]}>
          {facts.join(" · ")}
          {" · "}
          <time dateTime={job.created_at} title={formatExactMoment(job.created_at, i18n.language)}>
            {formatMoment(job.created_at, i18n.language)}
          </time>
        </span>
      </div>
      <JobStatus job={job} />
      <AnyJobActions job={job} onDone={onDone} />
    </li>
  );
}

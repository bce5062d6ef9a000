import { Progress } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { isActive } from "@/lib/jobs";
import { formatPercent, formatSpan } from "@/lib/quantities";
import { JobReason } from "./JobReason";
import classes from "./JobStatus.module.css";

/** Where a job is, in a word, with its progress while it moves and its reason when it stopped. */
export function JobStatus({ job }: { job: JobRead }) {
  const { t } = useTranslation();
  const facts = useJobFacts(job);
  return (
    <div className={classes["status"]}>
      <div className={classes["line"]}>
        <span className={classes["state"]} data-state={job.state}>
          {t(`jobs.state.${job.state}`)}
        </span>
        {facts.length > 0 && <span className={classes["facts"]}>{facts.join(" · ")}</span>}
      </div>
      {job.state === "running" && (
        <Progress.Root size="sm" className={classes["bar"]}>
          <Progress.Section
            // Before the plan nobody knows the share: a full moving bar says "at work".
            value={job.progress === null ? 100 : job.progress * 100}
            animated={job.progress === null}
            aria-label={t("jobs.progressOf", { name: job.name })}
          />
        </Progress.Root>
      )}
      <JobReason job={job} />
    </div>
  );
}

function useJobFacts(job: JobRead): string[] {
  const { t, i18n } = useTranslation();
  if (!isActive(job)) return [];
  if (job.cancel_requested) return [t("jobs.cancelling")];
  const facts: string[] = [];
  if (job.state === "queued" && job.queue_position !== null) {
    facts.push(
      job.queue_position <= 1
        ? t("jobs.queueNext")
        : t("jobs.queuePosition", { count: job.queue_position - 1 }),
    );
  }
  if (job.state === "running") {
    facts.push(
      job.progress === null
        ? t("jobs.planning")
        : t("jobs.percent", { percent: formatPercent(job.progress, i18n.language) }),
    );
  }
  if (job.eta_seconds !== null) {
    facts.push(t("jobs.remaining", { time: formatSpan(job.eta_seconds, i18n.language) }));
  }
  return facts;
}

import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { JobActions } from "@/components/jobs/JobActions";
import { JobStatus } from "@/components/jobs/JobStatus";
import { formatClock, formatExactMoment, formatLanguageName, formatMoment } from "@/lib/quantities";
import classes from "./JobRow.module.css";
import { RowTags } from "./tags/RowTags";

interface JobRowProps {
  job: JobRead;
  isChosen: boolean;
  onChoose: (id: string, isRange: boolean) => void;
}

/** One transcription: its name leads to the transcript, its state shows live. */
export const JobRow = memo(function JobRow({ job, isChosen, onChoose }: JobRowProps) {
  const { t, i18n } = useTranslation();
  const facts = [
    job.duration_seconds !== null && formatClock(job.duration_seconds),
    job.language !== null && formatLanguageName(job.language, i18n.language),
    job.task === "translate" && t("transcribe.taskTranslate"),
    job.model,
    !job.has_audio && t("jobs.noRecording"),
  ].filter((fact) => fact !== false);
  return (
    <li className={classes["row"]} data-chosen={isChosen || undefined}>
      <Checkbox
        className={classes["choose"]}
        aria-label={t("library.select.one", { name: job.name })}
        checked={isChosen}
        onChange={({ nativeEvent }) => {
          // What changes a box is a click, also where a key made it.
          onChoose(job.id, (nativeEvent as unknown as MouseEvent).shiftKey);
        }}
      />
      <div className={classes["what"]}>
        <Link to="/transcript/$jobId" params={{ jobId: job.id }} className={classes["name"]}>
          {job.name}
        </Link>
        <span className={classes["facts"]}>{facts.join(" · ")}</span>
        {job.has_transcript && <RowTags job={job} />}
      </div>
      <div className={classes["status"]}>
        <JobStatus job={job} />
      </div>
      <time
        dateTime={job.created_at}
        className={classes["when"]}
        title={formatExactMoment(job.created_at, i18n.language)}
      >
        {formatMoment(job.created_at, i18n.language)}
      </time>
      <div className={classes["actions"]}>
        <JobActions job={job} />
      </div>
    </li>
  );
});

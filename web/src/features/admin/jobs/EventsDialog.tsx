import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AdminJobRead } from "@/api/generated";
import { Dialog } from "@/components/ui/Dialog";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { formatMomentWithTime } from "@/lib/quantities";
import classes from "./EventsDialog.module.css";
import { type KeptEvent, useJobEvents } from "./use-job-events";

interface EventsDialogProps {
  job: AdminJobRead;
  onClose: () => void;
}

/** The story of a job, told on while it goes on. Open for as long as it is rendered. */
export function EventsDialog({ job, onClose }: EventsDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen onClose={onClose} title={t("anyJob.eventsOf", { name: job.name })}>
      <Events jobId={job.id} />
    </Dialog>
  );
}

function Events({ jobId }: { jobId: string }) {
  const { t } = useTranslation();
  const { events, line, restart } = useJobEvents(jobId);
  if (line === "opening") return <LoadingRows label={t("anyJob.eventsLoading")} rows={3} />;
  return (
    <>
      <p className={classes["line"]} role={line === "failed" ? "alert" : "status"}>
        {t(`anyJob.line.${line}`)}
        {line === "failed" && (
          <Button variant="default" size="xs" onClick={restart}>
            {t("app.retry")}
          </Button>
        )}
      </p>
      <ol className={classes["events"]} aria-label={t("anyJob.events")}>
        {events.map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ol>
    </>
  );
}

function Event({ event }: { event: KeptEvent }) {
  const { t, i18n } = useTranslation();
  const moment = formatMomentWithTime(event.created_at, i18n.language);
  if (event.type === "deleted") {
    return (
      <li className={classes["event"]}>
        <span className={classes["what"]}>{t("anyJob.deleted")}</span>
        <span className={classes["facts"]}>{moment}</span>
      </li>
    );
  }
  const to = t(`jobs.state.${event.to_state}`);
  const isMove = event.from_state !== null && event.from_state !== event.to_state;
  const from = event.from_state === null ? "" : t(`jobs.state.${event.from_state}`);
  return (
    <li className={classes["event"]}>
      <span className={classes["what"]}>{isMove ? t("anyJob.move", { from, to }) : to}</span>
      {event.detail !== null && <span className={classes["detail"]}>{event.detail}</span>}
      <span className={classes["facts"]}>
        {moment}
        {" · "}
        {t("anyJob.run", { generation: event.generation, attempt: event.attempt })}
      </span>
    </li>
  );
}

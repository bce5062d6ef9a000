import { useTranslation } from "react-i18next";
import type { JobStats } from "@/api/generated";
import { FigureCard } from "./FigureCard";
import { Figures, FigureTable } from "./Figures";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";

/** How deep the queue is and for how long, as database, broker and workers each have it. */
export function QueueCard({ stats }: { stats: Told<JobStats> }) {
  const { t } = useTranslation();
  return (
    <FigureCard title={t("figures.queue.title")} query={stats}>
      {(data) => (
        <>
          <Depth stats={data} />
          {data.queue.waiting_for.length > 0 && (
            <FigureTable
              label={t("figures.queue.waitingFor")}
              columns={[t("figures.queue.waitingFor"), t("figures.jobs")]}
              rows={data.queue.waiting_for.map(({ code, jobs }) => ({
                key: code,
                cells: [code, jobs],
              }))}
            />
          )}
        </>
      )}
    </FigureCard>
  );
}

function Depth({ stats: { queue, broker } }: { stats: JobStats }) {
  const { t } = useTranslation();
  const { count, taken } = useFigureWords();
  return (
    <Figures
      items={[
        { name: t("figures.queue.jobs"), value: count(queue.queued_jobs) },
        {
          name: t("figures.queue.oldest"),
          value: taken(queue.oldest_wait_seconds),
          note: queue.oldest_wait_seconds === null ? t("figures.queue.nothingWaits") : undefined,
        },
        { name: t("figures.queue.queuedSpans"), value: count(queue.queued_spans) },
        { name: t("figures.queue.runningSpans"), value: count(queue.running_spans) },
        {
          name: t("figures.queue.outbox"),
          value: count(queue.outbox_tokens),
          note:
            queue.outbox_lag_seconds === null
              ? undefined
              : t("figures.queue.lag", { time: taken(queue.outbox_lag_seconds) }),
        },
        {
          name: t("figures.queue.broker"),
          value: count(broker.tokens),
          note: broker.detail ?? undefined,
        },
      ]}
    />
  );
}

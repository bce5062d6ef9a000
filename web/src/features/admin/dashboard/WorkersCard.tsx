import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { SystemHealth, WorkerHealth } from "@/api/generated";
import { Tag } from "@/components/ui/Tag";
import { formatAgo } from "@/lib/figures";
import { formatClock } from "@/lib/quantities";
import { shorten } from "../account-names";
import { FigureCard } from "./FigureCard";
import cardClasses from "./FigureCard.module.css";
import { FigureTable } from "./Figures";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";
import { WorkerActs } from "./WorkerActs";

const tones = {
  ready: "accent",
  refusing: "off",
  draining: "plain",
  drained: "plain",
  stale: "off",
} as const;

/** Each worker: when it was last heard of, what it does, on what, and with which memory. */
export function WorkersCard({ system }: { system: Told<SystemHealth> }) {
  const { t } = useTranslation();
  return (
    <FigureCard
      title={t("figures.workers.title")}
      query={system}
      isWide
      tellEmpty={({ workers, workers_problem: problem }) =>
        workers.length === 0 ? (problem ?? t("figures.workers.none")) : undefined
      }
    >
      {({ workers }) => <Workers workers={workers} />}
    </FigureCard>
  );
}

function Workers({ workers }: { workers: readonly WorkerHealth[] }) {
  const { t, i18n } = useTranslation();
  const { bytes } = useFigureWords();
  return (
    <FigureTable
      label={t("figures.workers.title")}
      words={5}
      columns={[
        t("figures.workers.worker"),
        t("figures.workers.stateNow"),
        t("figures.workers.heard"),
        t("figures.workers.work"),
        t("figures.workers.device"),
        t("figures.workers.memory"),
        t("figures.workers.free"),
      ]}
      rows={workers.map((worker) => ({
        key: worker.id,
        cells: [
          `${worker.host} (${worker.pid})`,
          <span key="state">
            <Tag tone={tones[worker.state]}>{t(`figures.workers.state.${worker.state}`)}</Tag>{" "}
            {worker.drain === null && worker.not_ready_reason} <WorkerActs worker={worker} />
          </span>,
          formatAgo(worker.silent_seconds, i18n.language),
          <Work key="work" worker={worker} />,
          [worker.model, worker.device].filter(Boolean).join(", ") || t("figures.workers.noModel"),
          bytes(worker.resident_bytes),
          bytes(worker.memory_free_bytes),
        ],
      }))}
    />
  );
}

function Work({ worker: { span } }: { worker: WorkerHealth }) {
  const { t } = useTranslation();
  if (!span) return t("figures.workers.idle");
  const what =
    span.index < 0
      ? t("figures.workers.planning")
      : t("figures.workers.span", {
          number: span.index + 1,
          start: formatClock(span.start),
          end: formatClock(span.end),
        });
  return (
    <>
      {what}{" "}
      <Link to="/admin/jobs" search={{ state: "running" }} className={cardClasses["link"]}>
        {t("figures.workers.job", { id: shorten(span.job_id) })}
      </Link>
    </>
  );
}

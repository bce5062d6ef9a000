import { useTranslation } from "react-i18next";
import type { JobStats } from "@/api/generated";
import { FigureCard } from "./FigureCard";
import { Figures } from "./Figures";
import type { Told } from "./figures";
import { type Series, TimeChart } from "./TimeChart";
import { useFigureWords } from "./use-figure-words";

/** What came, what ended and how, and how much audio that was, hour by hour or day by day. */
export function ThroughputCard({ stats }: { stats: Told<JobStats> }) {
  const { t } = useTranslation();
  return (
    <FigureCard title={t("figures.throughput.title")} query={stats} isWide>
      {(data) => (
        <>
          <Sums stats={data} />
          <Steps stats={data} />
        </>
      )}
    </FigureCard>
  );
}

function Sums({ stats: { submitted, ended } }: { stats: JobStats }) {
  const { t } = useTranslation();
  const { count, taken } = useFigureWords();
  return (
    <Figures
      items={[
        { name: t("figures.throughput.submitted"), value: count(submitted) },
        { name: t("figures.throughput.ended"), value: count(ended.ended) },
        { name: t("figures.throughput.completed"), value: count(ended.completed) },
        { name: t("figures.throughput.audio"), value: taken(ended.audio_seconds) },
        { name: t("figures.throughput.speech"), value: taken(ended.speech_seconds) },
      ]}
    />
  );
}

function Steps({ stats: { step, throughput } }: { stats: JobStats }) {
  const { t, i18n } = useTranslation();
  const { count } = useFigureWords();
  const format = new Intl.DateTimeFormat(
    i18n.language,
    step === "hour"
      ? { weekday: "short", hour: "2-digit", minute: "2-digit" }
      : // Days are the service's, which counts them in UTC.
        { day: "numeric", month: "short", timeZone: "UTC" },
  );
  const series: Series[] = [
    { key: "completed", name: t("figures.throughput.completed"), color: 1 },
    { key: "failed", name: t("figures.throughput.failed"), color: 2 },
    { key: "cancelled", name: t("figures.throughput.cancelled"), color: 3 },
  ];
  return (
    <TimeChart
      label={t(`figures.throughput.each.${step}`)}
      time={t(`figures.step.${step}`)}
      shape="bars"
      series={series}
      moments={throughput.map((each) => ({
        key: each.starts_at,
        label: format.format(new Date(each.starts_at)),
        values: {
          completed: each.completed ?? null,
          failed: sum(each.failed, each.quarantined),
          cancelled: each.cancelled ?? null,
        },
      }))}
      format={count}
    />
  );
}

function sum(one: number | undefined, other: number | undefined): number | null {
  return one === undefined || other === undefined ? null : one + other;
}

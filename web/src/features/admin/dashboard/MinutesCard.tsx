import { useTranslation } from "react-i18next";
import type { MinuteRead, PerformanceRead } from "@/api/generated";
import { FigureCard } from "./FigureCard";
import type { Told } from "./figures";
import { type Moment, TimeChart } from "./TimeChart";
import { useFigureWords } from "./use-figure-words";

interface MinutesCardProps {
  performance: Told<PerformanceRead>;
}

/** How long answers took, minute by minute of the last hour. */
export function LatencyMinutesCard({ performance }: MinutesCardProps) {
  const { t } = useTranslation();
  const { taken } = useFigureWords();
  const tell = useMinutes();
  return (
    <FigureCard
      title={t("figures.minutes.latency")}
      query={performance}
      tellEmpty={({ over_time: minutes }) =>
        minutes.every(({ requests }) => requests === 0) ? t("figures.latency.none") : undefined
      }
    >
      {({ over_time: minutes }) => (
        <TimeChart
          label={t("figures.minutes.latency")}
          time={t("figures.minutes.minute")}
          shape="lines"
          series={[
            { key: "median", name: t("figures.median"), color: 1 },
            { key: "p95", name: t("figures.p95"), color: 4 },
          ]}
          moments={tell(minutes, ({ p50_seconds: median, p95_seconds: p95 }) => ({ median, p95 }))}
          format={taken}
        />
      )}
    </FigureCard>
  );
}

/** How many requests came and how many of them failed, minute by minute of the last hour. */
export function ErrorMinutesCard({ performance }: MinutesCardProps) {
  const { t } = useTranslation();
  const { count } = useFigureWords();
  const tell = useMinutes();
  return (
    <FigureCard
      title={t("figures.minutes.errors")}
      query={performance}
      tellEmpty={({ over_time: minutes }) =>
        minutes.every(({ requests }) => requests === 0) ? t("figures.latency.none") : undefined
      }
    >
      {({ over_time: minutes }) => (
        <TimeChart
          label={t("figures.minutes.errors")}
          time={t("figures.minutes.minute")}
          shape="bars"
          series={[
            { key: "answered", name: t("figures.minutes.answered"), color: 1 },
            { key: "failed", name: t("figures.minutes.failed"), color: 2 },
          ]}
          moments={tell(minutes, ({ requests, errors }) => ({
            answered: requests - errors,
            failed: errors,
          }))}
          format={count}
        />
      )}
    </FigureCard>
  );
}

function useMinutes() {
  const { language } = useTranslation().i18n;
  const format = new Intl.DateTimeFormat(language, { timeStyle: "short" });
  return (
    minutes: readonly MinuteRead[],
    read: (minute: MinuteRead) => Moment["values"],
  ): Moment[] =>
    minutes.map((minute) => ({
      key: minute.starts_at,
      label: format.format(new Date(minute.starts_at)),
      values: read(minute),
    }));
}

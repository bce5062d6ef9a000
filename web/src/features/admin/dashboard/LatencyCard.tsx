import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PerformanceRead, RouteLatency, StageLatency, WindowRead } from "@/api/generated";
import { FigureCard } from "./FigureCard";
import cardClasses from "./FigureCard.module.css";
import { Figures, FigureTable } from "./Figures";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";

const SHOWN_ROUTES = 15;
const USUAL_MINUTES = 15;

/** How fast requests are answered and stages worked, and how many fail, over the last minutes. */
export function LatencyCard({ performance }: { performance: Told<PerformanceRead> }) {
  const { t } = useTranslation();
  const [minutes, setMinutes] = useState(USUAL_MINUTES);
  return (
    <FigureCard
      title={t("figures.latency.title")}
      lead={t("figures.latency.lead")}
      query={performance}
      isWide
    >
      {({ windows }) => (
        <>
          <SegmentedControl
            size="xs"
            aria-label={t("figures.latency.minutes")}
            data={windows.map((each) => ({
              value: String(each.minutes),
              label: t("figures.latency.last", { count: each.minutes }),
            }))}
            value={String(minutes)}
            onChange={(value) => {
              setMinutes(Number(value));
            }}
          />
          {windows
            .filter((each) => each.minutes === minutes)
            .map((each) => (
              <WindowFigures key={each.minutes} told={each} />
            ))}
        </>
      )}
    </FigureCard>
  );
}

function WindowFigures({ told: { requests, routes, stages, processes } }: { told: WindowRead }) {
  const { t } = useTranslation();
  const { count, share, taken } = useFigureWords();
  const latency = useLatencyCells();
  if (requests.count === 0 && stages.length === 0) {
    return <p className={cardClasses["empty"]}>{t("figures.latency.none")}</p>;
  }
  return (
    <>
      <Figures
        items={[
          {
            name: t("figures.latency.requests"),
            value: count(requests.count),
            note: t("figures.latency.processes", { count: processes }),
          },
          {
            name: t("figures.latency.errorRate"),
            value: share(requests.error_rate),
            note: t("figures.latency.errors", {
              errors: count(requests.errors),
              refused: count(requests.refused),
            }),
          },
          { name: t("figures.median"), value: taken(requests.p50?.seconds) },
          { name: t("figures.p95"), value: taken(requests.p95?.seconds) },
        ]}
      />
      <FigureTable
        label={t("figures.latency.routes")}
        columns={[t("figures.latency.route"), ...latency.columns]}
        rows={routes.slice(0, SHOWN_ROUTES).map((each) => ({
          key: `${each.method} ${each.route}`,
          cells: [`${each.method} ${each.route}`, ...latency.cells(each)],
        }))}
      />
      {stages.length > 0 && (
        <FigureTable
          label={t("figures.latency.stages")}
          columns={[t("figures.latency.stage"), ...latency.columns]}
          rows={stages.map((each) => ({
            key: each.stage,
            cells: [each.stage, ...latency.cells(each)],
          }))}
        />
      )}
    </>
  );
}

function useLatencyCells() {
  const { t } = useTranslation();
  const { count, share, taken } = useFigureWords();
  return {
    columns: [
      t("figures.latency.count"),
      t("figures.latency.failed"),
      t("figures.median"),
      t("figures.p90"),
      t("figures.p95"),
      t("figures.p99"),
    ],
    cells: (each: RouteLatency | StageLatency) => [
      count(each.count),
      share(each.error_rate),
      ...[each.p50, each.p90, each.p95, each.p99].map((mark) => taken(mark?.seconds)),
    ],
  };
}

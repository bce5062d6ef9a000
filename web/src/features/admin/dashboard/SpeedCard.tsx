import { useTranslation } from "react-i18next";
import type { JobStats } from "@/api/generated";
import { FigureCard } from "./FigureCard";
import { FigureTable } from "./Figures";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";

/** Processing time against speech, for each model on each kind of device. */
export function SpeedCard({ stats }: { stats: Told<JobStats> }) {
  const { t } = useTranslation();
  const { ratio, count } = useFigureWords();
  return (
    <FigureCard
      title={t("figures.speed.title")}
      lead={t("figures.speed.lead")}
      query={stats}
      tellEmpty={({ real_time_factors: factors }) =>
        factors.length === 0 ? t("figures.noneCompleted") : undefined
      }
    >
      {({ real_time_factors: factors }) => (
        <FigureTable
          label={t("figures.speed.title")}
          words={2}
          columns={[
            t("figures.model"),
            t("figures.device"),
            t("figures.jobs"),
            t("figures.median"),
            t("figures.p95"),
          ]}
          rows={factors.map(({ model, device, jobs, median, p95 }) => ({
            key: `${model} ${device}`,
            cells: [model, device, count(jobs), ratio(median), ratio(p95)],
          }))}
        />
      )}
    </FigureCard>
  );
}

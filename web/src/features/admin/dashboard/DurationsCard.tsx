import { useTranslation } from "react-i18next";
import type { JobStats } from "@/api/generated";
import { FigureCard } from "./FigureCard";
import { FigureTable } from "./Figures";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";

const stages = ["wait", "run", "total"] as const;

/** How long the jobs took that were completed in the time. */
export function DurationsCard({ stats }: { stats: Told<JobStats> }) {
  const { t } = useTranslation();
  const { taken, count } = useFigureWords();
  return (
    <FigureCard
      title={t("figures.durations.title")}
      lead={t("figures.durations.lead")}
      query={stats}
      tellEmpty={({ durations }) => (durations.jobs === 0 ? t("figures.noneCompleted") : undefined)}
    >
      {({ durations }) => (
        <FigureTable
          label={t("figures.durations.of", {
            count: durations.jobs,
            number: count(durations.jobs),
          })}
          columns={[
            t("figures.durations.stage"),
            t("figures.average"),
            t("figures.median"),
            t("figures.p95"),
            t("figures.longest"),
          ]}
          rows={stages.map((stage) => {
            const { average, median, p95, longest } = durations[stage];
            const times = [average, median, p95, longest].map(taken);
            return { key: stage, cells: [t(`figures.durations.${stage}`), ...times] };
          })}
        />
      )}
    </FigureCard>
  );
}

import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { JobStats } from "@/api/generated";
import { FigureCard } from "./FigureCard";
import cardClasses from "./FigureCard.module.css";
import { Figures, FigureTable } from "./Figures";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";

/** Which share of the jobs that ended failed, and why. */
export function FailuresCard({ stats }: { stats: Told<JobStats> }) {
  const { t } = useTranslation();
  const { count, share } = useFigureWords();
  return (
    <FigureCard
      title={t("figures.failures.title")}
      query={stats}
      more={
        <Link to="/admin/jobs" search={{ state: "failed" }} className={cardClasses["link"]}>
          {t("figures.failures.show")}
        </Link>
      }
      tellEmpty={({ ended }) => (ended.ended === 0 ? t("figures.noneEnded") : undefined)}
    >
      {({ ended, failures }) => (
        <>
          <Figures
            items={[
              { name: t("figures.failures.failed"), value: count(ended.failed) },
              { name: t("figures.failures.quarantined"), value: count(ended.quarantined) },
              { name: t("figures.failures.rate"), value: share(rateOf(ended)) },
            ]}
          />
          {failures.length > 0 && (
            <FigureTable
              label={t("figures.failures.codes")}
              columns={[t("figures.failures.code"), t("figures.jobs")]}
              rows={failures.map(({ code, jobs }) => ({ key: code, cells: [code, count(jobs)] }))}
            />
          )}
        </>
      )}
    </FigureCard>
  );
}

/** The share that failed or was set aside; nothing while a part of it is unknown. */
function rateOf({ ended, failed, quarantined }: JobStats["ended"]): number | undefined {
  if (ended === undefined || failed === undefined || quarantined === undefined) return undefined;
  return (failed + quarantined) / ended;
}

import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { EndedJobs, JobStats } from "@/api/generated";
import { shorten } from "../account-names";
import { FigureCard } from "./FigureCard";
import cardClasses from "./FigureCard.module.css";
import { FigureTable } from "./Figures";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";

const SHOWN_OWNERS = 10;

interface SharesCardProps {
  stats: Told<JobStats>;
}

/** Each model's share of the jobs that ended. */
export function ModelSharesCard({ stats }: SharesCardProps) {
  const { t } = useTranslation();
  const tellShare = useShareCells();
  return (
    <FigureCard
      title={t("figures.shares.models")}
      query={stats}
      tellEmpty={({ models }) => (models.length === 0 ? t("figures.noneEnded") : undefined)}
    >
      {({ models }) => (
        <FigureTable
          label={t("figures.shares.models")}
          columns={[t("figures.model"), ...tellShare.columns]}
          rows={models.map((each) => ({
            key: each.model,
            cells: [each.model, ...tellShare.cells(each)],
          }))}
        />
      )}
    </FigureCard>
  );
}

/** Whose jobs ended, the most first. */
export function OwnerSharesCard({ stats }: SharesCardProps) {
  const { t } = useTranslation();
  const tellShare = useShareCells();
  return (
    <FigureCard
      title={t("figures.shares.owners")}
      lead={t("figures.shares.ownersLead", { count: SHOWN_OWNERS })}
      query={stats}
      tellEmpty={({ owners }) => (owners.length === 0 ? t("figures.noneEnded") : undefined)}
    >
      {({ owners }) => (
        <FigureTable
          label={t("figures.shares.owners")}
          columns={[t("figures.shares.owner"), ...tellShare.columns]}
          rows={owners.slice(0, SHOWN_OWNERS).map((each) => ({
            key: each.user_id,
            cells: [
              <Link
                key="owner"
                to="/admin/jobs"
                search={{ owner: each.user_id }}
                className={cardClasses["link"]}
              >
                {each.name ?? shorten(each.user_id)}
              </Link>,
              ...tellShare.cells(each),
            ],
          }))}
        />
      )}
    </FigureCard>
  );
}

function useShareCells() {
  const { t } = useTranslation();
  const { count, taken } = useFigureWords();
  return {
    columns: [t("figures.shares.ended"), t("figures.shares.failed"), t("figures.shares.audio")],
    cells: ({ ended, failed, audio_seconds: seconds }: EndedJobs) => [
      count(ended),
      count(failed),
      taken(seconds),
    ],
  };
}

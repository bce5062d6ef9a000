import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AdminJobRead } from "@/api/generated";
import { formatMomentWithTime } from "@/lib/quantities";
import { useAccountName } from "../account-names";
import { FigureCard } from "./FigureCard";
import cardClasses from "./FigureCard.module.css";
import { Figures } from "./Figures";
import { type Pace, useQuarantine } from "./figures";
import classes from "./QuarantineCard.module.css";
import { useFigureWords } from "./use-figure-words";

/** Jobs that workers died of, the newest by name; they wait for a decision. */
export function QuarantineCard({ pace }: { pace: Pace }) {
  const { t } = useTranslation();
  const { count } = useFigureWords();
  const quarantine = useQuarantine(pace);
  return (
    <FigureCard
      title={t("figures.quarantine.title")}
      lead={t("figures.quarantine.lead")}
      query={quarantine}
      more={
        <Link to="/admin/jobs" search={{ state: "quarantined" }} className={cardClasses["link"]}>
          {t("figures.quarantine.show")}
        </Link>
      }
      tellEmpty={({ total }) => (total === 0 ? t("figures.quarantine.none") : undefined)}
    >
      {({ total, items }) => (
        <>
          <Figures items={[{ name: t("figures.jobs"), value: count(total) }]} />
          <ul className={classes["jobs"]}>
            {items.map((job) => (
              <SetAside key={job.id} job={job} />
            ))}
          </ul>
        </>
      )}
    </FigureCard>
  );
}

function SetAside({ job }: { job: AdminJobRead }) {
  const { t, i18n } = useTranslation();
  const owner = useAccountName(job.user_id);
  const moment = formatMomentWithTime(job.updated_at, i18n.language);
  return (
    <li>
      {job.name}
      <span className={classes["facts"]}>{`${t("anyJob.of", { owner })} · ${moment}`}</span>
    </li>
  );
}

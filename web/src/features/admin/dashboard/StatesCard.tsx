import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { JobStats } from "@/api/generated";
import { jobStates } from "../search";
import { FigureCard } from "./FigureCard";
import type { Told } from "./figures";
import classes from "./StatesCard.module.css";
import { useFigureWords } from "./use-figure-words";

/** How many jobs are in each state now; each leads to them. */
export function StatesCard({ stats }: { stats: Told<JobStats> }) {
  const { t } = useTranslation();
  const { count } = useFigureWords();
  return (
    <FigureCard title={t("figures.states.title")} query={stats} isWide>
      {({ states }) => (
        <ul className={classes["states"]}>
          {jobStates.map((state) => (
            <li key={state}>
              <Link
                to="/admin/jobs"
                search={{ state }}
                className={classes["state"]}
                data-state={state}
              >
                {t(`jobs.state.${state}`)}
                <span className={classes["count"]}>{count(states[state])}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </FigureCard>
  );
}

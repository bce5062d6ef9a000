import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { AliasUseRead } from "@/api/generated";
import { formatMoment } from "@/lib/quantities";
import { FigureCard } from "./FigureCard";
import cardClasses from "./FigureCard.module.css";
import { Figures } from "./Figures";
import { type Pace, useAliasUses } from "./figures";
import { useFigureWords } from "./use-figure-words";

/** How much the old names of routes are still used, and when they end. */
export function AliasCard({ pace }: { pace: Pace }) {
  const { t, i18n } = useTranslation();
  const { count } = useFigureWords();
  const aliases = useAliasUses(pace);
  return (
    <FigureCard
      title={t("figures.aliases.title")}
      query={aliases}
      more={
        <Link to="/admin/aliases" className={cardClasses["link"]}>
          {t("figures.aliases.show")}
        </Link>
      }
    >
      {({ items, schedule, next_cursor: next }) => {
        const note =
          next === null ? undefined : t("figures.aliases.newest", { count: items.length });
        return (
          <Figures
            items={[
              { name: t("aliases.now"), value: t(`aliases.phase.${schedule.phase}`) },
              {
                name: t("aliases.goneAt"),
                value: formatMoment(schedule.gone_at, i18n.language),
              },
              { name: t("figures.aliases.uses"), value: count(addUp(items)), note },
              { name: t("figures.aliases.accounts"), value: count(countUsers(items)), note },
            ]}
          />
        );
      }}
    </FigureCard>
  );
}

function addUp(items: readonly AliasUseRead[]): number {
  return items.reduce((total, { uses }) => total + uses, 0);
}

function countUsers(items: readonly AliasUseRead[]): number {
  return new Set(items.map(({ user_id }) => user_id)).size;
}

import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { FigureCard } from "./FigureCard";
import cardClasses from "./FigureCard.module.css";
import { Figures } from "./Figures";
import { type Pace, usePeople } from "./figures";
import { useFigureWords } from "./use-figure-words";

/** How many people there are, and how many of them administer. */
export function PeopleCard({ pace }: { pace: Pace }) {
  const { t } = useTranslation();
  const { count } = useFigureWords();
  const people = usePeople(pace);
  return (
    <FigureCard
      title={t("figures.people.title")}
      query={people}
      more={
        <Link to="/admin/accounts" className={cardClasses["link"]}>
          {t("figures.people.show")}
        </Link>
      }
    >
      {({ items, next_cursor: next }) => {
        const note =
          next === null ? undefined : t("figures.people.newest", { count: items.length });
        const figure = (name: string, among: number) => ({ name, value: count(among), note });
        return (
          <Figures
            items={[
              figure(t("figures.people.accounts"), items.length),
              figure(
                t("figures.people.admins"),
                items.filter(({ role }) => role === "admin").length,
              ),
              figure(
                t("figures.people.disabled"),
                items.filter((account) => !account.is_active).length,
              ),
            ]}
          />
        );
      }}
    </FigureCard>
  );
}

import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { JobStats } from "@/api/generated";
import { FigureCard } from "./FigureCard";
import { Figures } from "./Figures";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";

/** What the live workers say they do, and where that and the database cannot both be right. */
export function DisagreementCard({ stats }: { stats: Told<JobStats> }) {
  const { t } = useTranslation();
  const { count } = useFigureWords();
  return (
    <FigureCard title={t("figures.views.title")} lead={t("figures.views.lead")} query={stats}>
      {({ workers, disagreements }) => (
        <>
          <Figures
            items={[
              { name: t("figures.views.live"), value: count(workers.live) },
              { name: t("figures.views.busy"), value: count(workers.busy) },
              { name: t("figures.views.idle"), value: count(workers.idle) },
              { name: t("figures.views.draining"), value: count(workers.draining) },
            ]}
          />
          {disagreements.length === 0 ? (
            <Alert color="green" variant="light">
              {t("figures.views.agree")}
            </Alert>
          ) : (
            disagreements.map((each) => (
              <Alert
                key={each.kind}
                color="orange"
                variant="light"
                title={t(`figures.views.kind.${each.kind}`, { count: each.count })}
              >
                {each.detail}
              </Alert>
            ))
          )}
        </>
      )}
    </FigureCard>
  );
}

import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SystemHealth } from "@/api/generated";
import { FigureCard } from "./FigureCard";
import { Figures } from "./Figures";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";

/** Whether all is well, else what is not; and the parts that everything else needs. */
export function ProblemsCard({ system }: { system: Told<SystemHealth> }) {
  const { t } = useTranslation();
  return (
    <FigureCard title={t("figures.system.title")} query={system} isWide>
      {(health) => (
        <>
          {health.problems.length === 0 ? (
            <Alert color="green" variant="light">
              {t("figures.system.well")}
            </Alert>
          ) : (
            <Alert
              color="red"
              variant="light"
              role="status"
              title={t("figures.system.problems", { count: health.problems.length })}
            >
              {health.problems.map(({ part, detail }) => (
                <div key={`${part} ${detail}`}>
                  <strong>{t(`figures.system.part.${part}`)}:</strong> {detail}
                </div>
              ))}
            </Alert>
          )}
          <Parts health={health} />
        </>
      )}
    </FigureCard>
  );
}

function Parts({ health: { service, database, broker } }: { health: SystemHealth }) {
  const { t } = useTranslation();
  const { taken, bytes } = useFigureWords();
  return (
    <Figures
      items={[
        {
          name: t("figures.system.version"),
          value: service.version,
          note: t("figures.system.host", { host: service.host, python: service.python }),
        },
        {
          name: t("figures.system.uptime"),
          value: taken(service.uptime_seconds),
          note: service.is_draining ? t("figures.system.draining") : undefined,
        },
        {
          name: t("figures.system.database"),
          value: taken(database.latency_seconds),
          note: database.problem ?? tellDatabase(database),
        },
        {
          name: t("figures.system.databaseSize"),
          value: bytes(database.size_bytes),
          note: database.problem ?? undefined,
        },
        {
          name: t("figures.system.broker"),
          value: taken(broker.latency_seconds),
          note: broker.problem ?? t(`figures.system.brokerKind.${broker.kind}`),
        },
      ]}
    />
  );
}

function tellDatabase({ kind, version, revision }: SystemHealth["database"]): string {
  const name = kind === "sqlite" ? "SQLite" : "PostgreSQL";
  return [name, version, revision && `(${revision})`].filter(Boolean).join(" ");
}

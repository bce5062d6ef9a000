import { SegmentedControl } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PageTitle } from "@/components/ui/PageTitle";
import { type Window, windows } from "../search";
import { AliasCard } from "./AliasCard";
import classes from "./DashboardScreen.module.css";
import { DisagreementCard } from "./DisagreementCard";
import { DurationsCard } from "./DurationsCard";
import { FailuresCard } from "./FailuresCard";
import { refreshFigures, useJobStats, usePerformance, useSystemHealth } from "./figures";
import { LatencyCard } from "./LatencyCard";
import { ErrorMinutesCard, LatencyMinutesCard } from "./MinutesCard";
import { ModelsCard } from "./ModelsCard";
import { PeopleCard } from "./PeopleCard";
import { ProblemsCard } from "./ProblemsCard";
import { QuarantineCard } from "./QuarantineCard";
import { QueueCard } from "./QueueCard";
import { RefreshBar } from "./RefreshBar";
import { ModelSharesCard, OwnerSharesCard } from "./SharesCard";
import { SpeedCard } from "./SpeedCard";
import { StatesCard } from "./StatesCard";
import { StorageCard } from "./StorageCard";
import { ThroughputCard } from "./ThroughputCard";
import { WorkersCard } from "./WorkersCard";

const route = getRouteApi("/signed-in/admin/");
const USUAL: Window = "24h";

/** How the service is doing, for its administrators. */
export function DashboardScreen() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const { window = USUAL } = route.useSearch();
  const navigate = route.useNavigate();
  const [isLive, setLive] = useState(true);
  const pace = { isLive };
  const stats = useJobStats(window, pace);
  const system = useSystemHealth(pace);
  const performance = usePerformance(pace);
  const told = [stats, system, performance]
    .map((query) => query.dataUpdatedAt)
    .filter((moment) => moment > 0);
  return (
    <div className={classes["screen"]}>
      <PageTitle>{t("figures.title")}</PageTitle>
      <div className={classes["controls"]}>
        <SegmentedControl<Window>
          size="xs"
          aria-label={t("figures.window")}
          data={windows.map((value) => ({ value, label: t(`figures.windows.${value}`) }))}
          value={window}
          onChange={(chosen) => {
            void navigate({ search: { window: chosen }, replace: true });
          }}
        />
        <RefreshBar
          toldAt={told.length === 0 ? 0 : Math.min(...told)}
          isLive={isLive}
          onPause={(isPaused) => {
            setLive(!isPaused);
          }}
          onRefresh={() => void refreshFigures(queryClient)}
        />
      </div>
      <div className={classes["cards"]}>
        <ProblemsCard system={system} />
        <StatesCard stats={stats} />
        <ThroughputCard stats={stats} />
        <QueueCard stats={stats} />
        <DisagreementCard stats={stats} />
        <WorkersCard system={system} />
        <ModelsCard system={system} />
        <DurationsCard stats={stats} />
        <SpeedCard stats={stats} />
        <FailuresCard stats={stats} />
        <QuarantineCard pace={pace} />
        <ModelSharesCard stats={stats} />
        <OwnerSharesCard stats={stats} />
        <LatencyMinutesCard performance={performance} />
        <ErrorMinutesCard performance={performance} />
        <LatencyCard performance={performance} />
        <StorageCard system={system} />
        <PeopleCard pace={pace} />
        <AliasCard pace={pace} />
      </div>
    </div>
  );
}

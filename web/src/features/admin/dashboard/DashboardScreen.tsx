import { SegmentedControl, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Window, windows } from "../search";
import { AliasCard } from "./AliasCard";
import classes from "./DashboardScreen.module.css";
import { DisagreementCard } from "./DisagreementCard";
import { DurationsCard } from "./DurationsCard";
import { FailuresCard } from "./FailuresCard";
import { refreshFigures, useJobStats } from "./figures";
import { PeopleCard } from "./PeopleCard";
import { QuarantineCard } from "./QuarantineCard";
import { QueueCard } from "./QueueCard";
import { RefreshBar } from "./RefreshBar";
import { ModelSharesCard, OwnerSharesCard } from "./SharesCard";
import { SpeedCard } from "./SpeedCard";
import { StatesCard } from "./StatesCard";
import { ThroughputCard } from "./ThroughputCard";

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
  return (
    <div className={classes["screen"]}>
      <Title order={1}>{t("figures.title")}</Title>
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
          toldAt={stats.dataUpdatedAt}
          isLive={isLive}
          onPause={(isPaused) => {
            setLive(!isPaused);
          }}
          onRefresh={() => void refreshFigures(queryClient)}
        />
      </div>
      <div className={classes["cards"]}>
        <StatesCard stats={stats} />
        <ThroughputCard stats={stats} />
        <QueueCard stats={stats} />
        <DisagreementCard stats={stats} />
        <DurationsCard stats={stats} />
        <SpeedCard stats={stats} />
        <FailuresCard stats={stats} />
        <QuarantineCard pace={pace} />
        <ModelSharesCard stats={stats} />
        <OwnerSharesCard stats={stats} />
        <PeopleCard pace={pace} />
        <AliasCard pace={pace} />
      </div>
    </div>
  );
}

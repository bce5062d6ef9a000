import { Button } from "@mantine/core";
import { useInterval } from "@mantine/hooks";
import { IconPlayerPause, IconPlayerPlay, IconRefresh } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { formatAgo } from "@/lib/figures";
import classes from "./DashboardScreen.module.css";

const TICK_MS = 1_000;

interface RefreshBarProps {
  /** When the oldest of the figures shown was told, as `Date.now` has it; 0 before the first. */
  toldAt: number;
  isLive: boolean;
  onPause: (isPaused: boolean) => void;
  onRefresh: () => void;
}

/** How old the figures are, and whether they are renewed by themselves. */
export function RefreshBar({ toldAt, isLive, onPause, onRefresh }: RefreshBarProps) {
  const { t, i18n } = useTranslation();
  const [now, setNow] = useState(Date.now);
  useInterval(
    () => {
      setNow(Date.now());
    },
    TICK_MS,
    { autoInvoke: true },
  );
  const ago = formatAgo((now - toldAt) / 1000, i18n.language);
  return (
    <div className={classes["refresh"]}>
      {toldAt > 0 && <span className={classes["ago"]}>{t("figures.updated", { ago })}</span>}
      <Button
        variant="default"
        size="xs"
        leftSection={
          isLive ? (
            <IconPlayerPause size={14} aria-hidden="true" />
          ) : (
            <IconPlayerPlay size={14} aria-hidden="true" />
          )
        }
        onClick={() => {
          onPause(isLive);
        }}
      >
        {isLive ? t("figures.pause") : t("figures.resume")}
      </Button>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconRefresh size={14} aria-hidden="true" />}
        onClick={onRefresh}
      >
        {t("figures.refresh")}
      </Button>
    </div>
  );
}

import { ActionIcon, Slider } from "@mantine/core";
import { IconVolume, IconVolumeOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useObservable } from "@/lib/observable";
import { formatPercent } from "@/lib/quantities";
import { useLanguage } from "@/lib/use-language";
import type { Player } from "./player";
import classes from "./VolumeControl.module.css";

export function VolumeControl({ player }: { player: Player }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { volume, isMuted } = useObservable(player.state);
  const isSilent = isMuted || volume === 0;
  return (
    <div className={classes["volume"]}>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("player.mute")}
        aria-pressed={isMuted}
        onClick={player.toggleMuted}
      >
        {isSilent ? <IconVolumeOff size={20} /> : <IconVolume size={20} />}
      </ActionIcon>
      <Slider
        className={classes["slider"]}
        size="sm"
        min={0}
        max={1}
        step={0.05}
        label={null}
        value={isMuted ? 0 : volume}
        onChange={player.setVolume}
        thumbLabel={t("player.volume")}
        thumbValueText={(share) => formatPercent(share, language)}
      />
    </div>
  );
}

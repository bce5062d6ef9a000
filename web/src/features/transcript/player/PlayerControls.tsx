import { ActionIcon, Button } from "@mantine/core";
import {
  IconArrowBarToDown,
  IconKeyboard,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerTrackNextFilled,
  IconPlayerTrackPrevFilled,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useObservable } from "@/lib/observable";
import { useTranscript } from "../TranscriptContext";
import { Clock } from "./Clock";
import { SKIP_SECONDS } from "./player";
import { RateChoice } from "./RateChoice";
import { VolumeControl } from "./VolumeControl";
import classes from "./PlayerControls.module.css";

interface PlayerControlsProps {
  onFollow: () => void;
  onHelp: () => void;
}

export function PlayerControls({ onFollow, onHelp }: PlayerControlsProps) {
  const { t } = useTranslation();
  const { player, isFollowing } = useTranscript();
  const { isPlaying, isWaiting } = useObservable(player.state);
  const follows = useObservable(isFollowing);
  const seconds = { count: SKIP_SECONDS };
  return (
    <div className={classes["controls"]} role="group" aria-label={t("player.controls")}>
      <div className={classes["transport"]} dir="ltr">
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t("player.back", seconds)}
          onClick={() => {
            player.skip(-SKIP_SECONDS);
          }}
        >
          <IconPlayerTrackPrevFilled size={18} />
        </ActionIcon>
        <ActionIcon
          variant="filled"
          size="xl"
          radius="xl"
          loading={isWaiting}
          aria-label={t(isPlaying ? "player.pause" : "player.play")}
          onClick={player.toggle}
        >
          {isPlaying ? <IconPlayerPauseFilled size={20} /> : <IconPlayerPlayFilled size={20} />}
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t("player.forward", seconds)}
          onClick={() => {
            player.skip(SKIP_SECONDS);
          }}
        >
          <IconPlayerTrackNextFilled size={18} />
        </ActionIcon>
      </div>
      <Clock player={player} />
      <RateChoice player={player} />
      <VolumeControl player={player} />
      {!follows && (
        <Button
          variant="light"
          size="compact-sm"
          leftSection={<IconArrowBarToDown size={16} aria-hidden="true" />}
          onClick={onFollow}
        >
          {t("player.follow")}
        </Button>
      )}
      <ActionIcon
        className={classes["help"]}
        variant="subtle"
        color="gray"
        aria-label={t("shortcuts.open")}
        onClick={onHelp}
      >
        <IconKeyboard size={20} />
      </ActionIcon>
    </div>
  );
}

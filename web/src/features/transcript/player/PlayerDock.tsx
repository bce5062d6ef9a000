import { ActionIcon } from "@mantine/core";
import { IconMovie, IconMovieOff, IconVolumeOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useDisclosure } from "@mantine/hooks";
import { useCallback, useRef } from "react";
import { useTranslation } from "react-i18next";
import { readRecordingOptions } from "@/api/generated/@tanstack/react-query.gen";
import { useObservable } from "@/lib/observable";
import { ShortcutDialog } from "../shortcuts/ShortcutDialog";
import { useTranscript } from "../TranscriptContext";
import { Timeline } from "../waveform/Timeline";
import { MediaElement } from "./MediaElement";
import { MediaProblem } from "./MediaProblem";
import { PlayerControls } from "./PlayerControls";
import { usePlayerShortcuts } from "./use-player-shortcuts";
import { useToldHeight } from "./use-told-height";
import classes from "./PlayerDock.module.css";

/** The player at the bottom of the screen. */
export function PlayerDock() {
  const { t } = useTranslation();
  const { job } = useTranscript();
  const dock = useRef<HTMLElement>(null);
  useToldHeight(dock);
  return (
    <section ref={dock} className={classes["dock"]} aria-label={t("player.title")}>
      {job.has_audio ? (
        <PlayableDock />
      ) : (
        <p className={classes["gone"]}>
          <IconVolumeOff size={20} aria-hidden="true" />
          {t("player.gone")}
        </p>
      )}
    </section>
  );
}

function PlayableDock() {
  const { t } = useTranslation();
  const { job, player, goTo, isFollowing } = useTranscript();
  const { status, hasPicture } = useObservable(player.state);
  const [isPictureShown, picture] = useDisclosure(true);
  const [isHelpOpen, help] = useDisclosure(false);
  const recording = useQuery(readRecordingOptions({ path: { recording_id: job.recording_id } }));
  const follow = useCallback(() => {
    isFollowing.set(true);
    void goTo(player.time());
  }, [isFollowing, goTo, player]);
  usePlayerShortcuts({ onFollow: follow, onHelp: help.open });
  return (
    <>
      <MediaElement isPictureShown={isPictureShown} />
      {status === "failed" ? (
        <MediaProblem />
      ) : (
        <>
          <Timeline
            player={player}
            recordingId={job.recording_id}
            hasPeaks={recording.data?.has_peaks ?? false}
          />
          <div className={classes["row"]}>
            <PlayerControls onFollow={follow} onHelp={help.open} />
            {hasPicture && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t("player.picture")}
                aria-pressed={isPictureShown}
                onClick={picture.toggle}
              >
                {isPictureShown ? <IconMovie size={20} /> : <IconMovieOff size={20} />}
              </ActionIcon>
            )}
          </div>
        </>
      )}
      <ShortcutDialog isOpen={isHelpOpen} onClose={help.close} />
    </>
  );
}

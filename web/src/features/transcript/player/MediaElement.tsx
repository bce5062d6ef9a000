import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { exportTranscript, readMedia } from "@/api/generated";
import { addressOf } from "@/api/address";
import { useObservable } from "@/lib/observable";
import { useTranscript } from "../TranscriptContext";
import { joinMediaSession } from "./media-session";
import { keepPlayerSettings } from "./player-settings";
import classes from "./MediaElement.module.css";

/** What plays; a film's picture is shown, with the transcript as captions. */
export function MediaElement({ isPictureShown }: { isPictureShown: boolean }) {
  const { t } = useTranslation();
  const { job, player, language } = useTranscript();
  const { hasPicture } = useObservable(player.state);
  const media = useRef<HTMLVideoElement>(null);
  useEffect(() => player.attach(media.current), [player]);
  useEffect(() => joinMediaSession(player, job.name), [player, job.name]);
  useEffect(() => keepPlayerSettings(player), [player]);
  return (
    <video
      ref={media}
      className={classes["media"]}
      src={addressOf(readMedia, { path: { recording_id: job.recording_id } })}
      preload="metadata"
      playsInline
      hidden={!hasPicture || !isPictureShown}
      aria-label={job.name}
    >
      <track
        kind="captions"
        srcLang={language}
        label={t("player.captions")}
        src={addressOf(exportTranscript, { path: { job_id: job.id }, query: { format: "vtt" } })}
      />
    </video>
  );
}

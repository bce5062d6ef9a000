import { Button } from "@mantine/core";
import { IconAlertTriangle, IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readMedia } from "@/api/generated";
import { addressOf } from "@/api/address";
import { readMediaOptions } from "@/api/generated/@tanstack/react-query.gen";
import { describeProblem } from "@/lib/describe-problem";
import { useTranscript } from "../TranscriptContext";
import classes from "./MediaProblem.module.css";

/** Why it does not play: the service refuses it, or the browser cannot decode it. */
export function MediaProblem() {
  const { t } = useTranslation();
  const { job, player } = useTranscript();
  const path = { recording_id: job.recording_id };
  // The element says only that it failed; whether there is something to play, one byte tells.
  const headers = { Range: "bytes=0-0" };
  const probe = useQuery({ ...readMediaOptions({ path, headers }), gcTime: 0 });
  if (probe.isPending) return null;
  const retry = () => {
    player.retry();
    void probe.refetch();
  };
  return (
    <div className={classes["problem"]} role="alert">
      <IconAlertTriangle size={20} aria-hidden="true" />
      <p className={classes["sentence"]}>
        {probe.isError ? describeProblem(probe.error, t) : t("player.unsupported")}
      </p>
      {!probe.isError && (
        <Button
          component="a"
          href={addressOf(readMedia, { path, query: { download: true } })}
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
        >
          {t("player.download")}
        </Button>
      )}
      <Button variant="default" size="compact-sm" onClick={retry}>
        {t("app.retry")}
      </Button>
    </div>
  );
}

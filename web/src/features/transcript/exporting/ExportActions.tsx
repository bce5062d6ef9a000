import { Alert, Button } from "@mantine/core";
import { IconCheck, IconCopy, IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type OpenTranscript, settleRevision } from "../open-transcript";
import classes from "./ExportActions.module.css";
import { type ExportSettings, isDocument, toQuery } from "./export-settings";
import { saveExport } from "./save-export";
import { describeFault, useCopyExport } from "./use-copy-export";

interface ExportActionsProps {
  transcript: OpenTranscript;
  settings: ExportSettings;
}

/** Takes the file away: to the disk, or a text to the clipboard. */
export function ExportActions({ transcript, settings }: ExportActionsProps) {
  const { t } = useTranslation();
  const { format } = settings;
  const save = useMutation({
    mutationFn: async () => {
      const revision = await settleRevision(transcript);
      await saveExport(transcript, format, toQuery(settings, revision));
    },
  });
  const copy = useCopyExport(transcript);
  const fault = save.error ?? copy.error;
  return (
    <div className={classes["actions"]}>
      {fault !== null && (
        <Alert
          color="red"
          variant="light"
          role="alert"
          title={t("exporting.failed")}
          className={classes["fault"]}
        >
          {describeFault(fault, t)}
        </Alert>
      )}
      {!isDocument(format) && (
        <Button
          variant="default"
          loading={copy.isPending}
          leftSection={
            copy.isSuccess ? (
              <IconCheck size={16} aria-hidden="true" />
            ) : (
              <IconCopy size={16} aria-hidden="true" />
            )
          }
          onClick={() => {
            save.reset();
            copy.mutate((revision) => toQuery(settings, revision));
          }}
        >
          <span aria-live="polite">{copy.isSuccess ? t("app.copied") : t("app.copy")}</span>
        </Button>
      )}
      <Button
        loading={save.isPending}
        leftSection={<IconDownload size={16} aria-hidden="true" />}
        onClick={() => {
          copy.reset();
          save.mutate();
        }}
      >
        {t("exporting.download", { format })}
      </Button>
    </div>
  );
}

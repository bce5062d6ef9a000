import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LoadingRows } from "@/components/ui/LoadingRows";
import type { OpenTranscript } from "../open-transcript";
import { parseCues } from "./cues";
import classes from "./ExportPreview.module.css";
import { type ExportSettings, isDocument, isSubtitle } from "./export-settings";
import { SubtitleScreen } from "./SubtitleScreen";
import { usePreview } from "./use-preview";

interface ExportPreviewProps {
  transcript: OpenTranscript;
  settings: ExportSettings;
}

type View = "screen" | "file";

/** The beginning of the real file, as the service writes it with these settings. */
export function ExportPreview({ transcript, settings }: ExportPreviewProps) {
  const { t } = useTranslation();
  const [view, setView] = useState<View>("screen");
  const preview = usePreview(transcript.jobId, settings, transcript.revision);
  const hasScreen = isSubtitle(settings.format);
  return (
    <section className={classes["preview"]} aria-label={t("exporting.preview")}>
      <div className={classes["head"]}>
        <h3 className={classes["title"]}>{t("exporting.preview")}</h3>
        {hasScreen && (
          <SegmentedControl<View>
            size="xs"
            aria-label={t("exporting.view")}
            data={[
              { value: "screen", label: t("exporting.onScreen") },
              { value: "file", label: t("exporting.asFile") },
            ]}
            value={view}
            onChange={setView}
          />
        )}
      </div>
      {preview.isPending && <LoadingRows label={t("exporting.loading")} rows={4} />}
      {preview.isError && (
        <ErrorPanel
          isPart
          title={t("exporting.previewFailed")}
          error={preview.error}
          onRetry={() => void preview.refetch()}
        />
      )}
      {preview.data && !preview.isError && (
        <Shown
          {...preview.data}
          language={transcript.language}
          columns={settings.limits.max_line_length}
          // The answer that stays while the next comes may be of another format.
          isScreen={hasScreen && view === "screen" && isSubtitle(preview.data.format)}
        />
      )}
    </section>
  );
}

interface ShownProps {
  text: string;
  isWhole: boolean;
  format: ExportSettings["format"];
  language: string;
  columns: number;
  isScreen: boolean;
}

function Shown({ text, isWhole, format, language, columns, isScreen }: ShownProps) {
  const { t } = useTranslation();
  if (isScreen) {
    return <SubtitleScreen cues={parseCues(text, isWhole)} language={language} columns={columns} />;
  }
  const note = isDocument(format) ? t("exporting.documentText") : "";
  return (
    <>
      {/* It scrolls by itself, so the keyboard has to reach it. */}
      <pre
        className={classes["file"]}
        data-document={isDocument(format) || undefined}
        lang={language}
        dir="auto"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
        tabIndex={0}
        aria-label={t("exporting.fileBeginning")}
      >
        {text || t("exporting.empty")}
      </pre>
      <p className={classes["note"]}>
        {note} {isWhole ? t("exporting.whole") : t("exporting.beginning")}
      </p>
    </>
  );
}

import { Switch } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMoodEmpty } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "@/components/ui/CopyButton";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { StatePanel } from "@/components/ui/StatePanel";
import { ExportMenu } from "./ExportMenu";
import { Legend } from "./Legend";
import { Notices } from "./Notices";
import { joinText } from "./passages";
import { EditNotice } from "./editing/EditNotice";
import { useEditSlots } from "./editing/edit-slots";
import { InsertFirst } from "./editing/InsertFirst";
import { SaveState } from "./editing/SaveState";
import { PanelButtons } from "./panels/PanelButtons";
import { SidePanel } from "./panels/SidePanel";
import { PlayerDock } from "./player/PlayerDock";
import { SegmentList } from "./reading/SegmentList";
import { useReviewPanel } from "./review/use-review-panel";
import { useSegments } from "./segments/use-segments";
import { TranscriptFacts } from "./TranscriptFacts";
import { useTranscript } from "./TranscriptContext";
import classes from "./TranscriptWorkspace.module.css";

/** A finished transcript: to read, to hear, to take away. */
export function TranscriptWorkspace() {
  const { t } = useTranslation();
  const { job, overview, segments, goTo } = useTranscript();
  const { at } = useSearch({ from: "/signed-in/transcript/$jobId" });
  // What stands beside the text on demand, in the order of its buttons.
  const panels = [useReviewPanel()];
  const [hasTimes, times] = useDisclosure(true);
  const [hasDropped, droppedText] = useDisclosure(false);
  useEffect(() => {
    if (at !== undefined) void goTo(at);
  }, [at, goTo]);
  return (
    <>
      <TranscriptFacts hasAudio={job.has_audio} />
      <div className={classes["toolbar"]}>
        <SaveState />
        <Switch label={t("transcript.showTimes")} checked={hasTimes} onChange={times.toggle} />
        <div className={classes["actions"]}>
          <PanelButtons panels={panels} />
          <CopyButton
            label={t("transcript.copy")}
            readText={async () => joinText(await segments.whole())}
          />
          <ExportMenu jobId={job.id} name={overview.name} />
        </div>
      </div>
      <Notices
        warnings={job.warnings}
        dropped={overview.dropped.length}
        hasDropped={hasDropped}
        onToggleDropped={droppedText.toggle}
      />
      <Legend />
      <EditNotice />
      <div className={classes["columns"]}>
        <div className={classes["text"]}>
          <TranscriptText hasTimes={hasTimes} hasDropped={hasDropped} />
        </div>
        <SidePanel panels={panels} />
      </div>
      <PlayerDock />
    </>
  );
}

function TranscriptText({ hasTimes, hasDropped }: { hasTimes: boolean; hasDropped: boolean }) {
  const { t } = useTranslation();
  const { overview, segments } = useTranscript();
  const { revision, rows, error } = useSegments(segments);
  const slots = useEditSlots();
  const fault = error !== undefined && (
    <ErrorPanel
      title={t(revision === undefined ? "transcript.errorTitle" : "reading.partMissing")}
      error={error}
      isPart={revision !== undefined}
      onRetry={segments.start}
    />
  );
  if (revision === undefined) {
    return fault || <LoadingRows label={t("transcript.loading")} rows={7} />;
  }
  if (rows.length === 0) {
    return (
      <StatePanel
        icon={<IconMoodEmpty />}
        title={t("transcript.emptyTitle")}
        hint={t("transcript.emptyHint")}
        action={<InsertFirst />}
      />
    );
  }
  return (
    <>
      {fault}
      <SegmentList dropped={hasDropped ? overview.dropped : []} hasTimes={hasTimes} {...slots} />
    </>
  );
}

import { Switch } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMoodEmpty } from "@tabler/icons-react";
import { useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { StatePanel } from "@/components/ui/StatePanel";
import { CopyMenu } from "./exporting/CopyMenu";
import { ExportButton } from "./exporting/ExportButton";
import { RevisionBanner } from "./history/RevisionBanner";
import { Legend } from "./Legend";
import { Notices } from "./Notices";
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
import { SameRecording } from "./SameRecording";
import { TagLine } from "./tagging/TagLine";
import { TranscriptFacts } from "./TranscriptFacts";
import { useTranscript } from "./TranscriptContext";
import { useOpenTranscript } from "./use-open-transcript";
import { useToolPanels } from "./use-tool-panels";
import classes from "./TranscriptWorkspace.module.css";

/** A finished transcript: to read, to hear, to take away. */
export function TranscriptWorkspace() {
  const { t } = useTranslation();
  const { job, overview, asked, goTo } = useTranscript();
  const { at } = useSearch({ from: "/signed-in/transcript/$jobId" });
  // What stands beside the text on demand, in the order of its buttons.
  const review = useReviewPanel();
  const tools = useToolPanels();
  const panels = asked === undefined ? [...tools, review] : tools;
  const [hasTimes, times] = useDisclosure(true);
  const [hasDropped, droppedText] = useDisclosure(false);
  useEffect(() => {
    if (at !== undefined) void goTo(at);
  }, [at, goTo]);
  return (
    <>
      <TranscriptFacts hasAudio={job.has_audio} />
      <div className={classes["belongings"]}>
        <TagLine jobId={job.id} />
        <SameRecording job={job} />
      </div>
      <div className={classes["toolbar"]}>
        {asked === undefined && <SaveState />}
        <Switch label={t("transcript.showTimes")} checked={hasTimes} onChange={times.toggle} />
        <div className={classes["actions"]}>
          <PanelButtons panels={panels} />
          <TakeAway />
        </div>
      </div>
      <Banner />
      <Notices
        warnings={job.warnings}
        dropped={overview.dropped.length}
        hasDropped={hasDropped}
        onToggleDropped={droppedText.toggle}
      />
      <Legend />
      {asked === undefined && <EditNotice />}
      <div className={classes["text"]}>
        <TranscriptText hasTimes={hasTimes} hasDropped={hasDropped} />
      </div>
      <SidePanel panels={panels} />
      <PlayerDock />
    </>
  );
}

/** By themselves, so that a change of the text renders no more than them. */
function TakeAway() {
  const transcript = useOpenTranscript();
  return (
    <>
      <CopyMenu transcript={transcript} />
      <ExportButton transcript={transcript} />
    </>
  );
}

function Banner() {
  return <RevisionBanner transcript={useOpenTranscript()} />;
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

import { Switch } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMoodEmpty } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead, TranscriptRead } from "@/api/generated";
import { CopyButton } from "@/components/ui/CopyButton";
import { StatePanel } from "@/components/ui/StatePanel";
import { ExportMenu } from "./ExportMenu";
import { Notices } from "./Notices";
import { PassageList } from "./PassageList";
import { arrangePassages, isDoubtful, joinText } from "./passages";
import { TranscriptFacts } from "./TranscriptFacts";
import classes from "./TranscriptView.module.css";

interface TranscriptViewProps {
  transcript: TranscriptRead;
  job: JobRead;
}

/** A finished transcript, to read, copy and take away. */
export function TranscriptView({ transcript, job }: TranscriptViewProps) {
  const { t } = useTranslation();
  const { segments, dropped } = transcript;
  const [hasTimes, times] = useDisclosure(true);
  const [hasDropped, droppedText] = useDisclosure(false);
  const passages = useMemo(
    () => arrangePassages(segments, hasDropped ? dropped : []),
    [segments, dropped, hasDropped],
  );
  const doubtful = useMemo(() => segments.filter(isDoubtful).length, [segments]);

  return (
    <>
      <TranscriptFacts transcript={transcript} hasAudio={job.has_audio} />
      <div className={classes["toolbar"]}>
        <Switch label={t("transcript.showTimes")} checked={hasTimes} onChange={times.toggle} />
        <div className={classes["actions"]}>
          <CopyButton label={t("transcript.copy")} readText={() => joinText(segments)} />
          <ExportMenu jobId={transcript.job_id} name={transcript.name} />
        </div>
      </div>
      <Notices
        warnings={job.warnings}
        doubtful={doubtful}
        dropped={dropped.length}
        hasDropped={hasDropped}
        onToggleDropped={droppedText.toggle}
      />
      {segments.length === 0 && (
        <StatePanel
          icon={<IconMoodEmpty />}
          title={t("transcript.emptyTitle")}
          hint={t("transcript.emptyHint")}
        />
      )}
      <PassageList passages={passages} language={textLanguage(transcript)} hasTimes={hasTimes} />
    </>
  );
}

/** The language the text is written in, so that browsers choose glyphs, hyphens and voices for it. */
function textLanguage(transcript: TranscriptRead): string {
  return transcript.task === "translate" ? "en" : transcript.language;
}

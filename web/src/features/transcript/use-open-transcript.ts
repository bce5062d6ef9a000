import type { OpenTranscript } from "./open-transcript";
import { useSegments } from "./segments/use-segments";
import { useTranscript } from "./TranscriptContext";

/** What the tools see of the transcript on this screen; it renders whoever asks when that changes. */
export function useOpenTranscript(): OpenTranscript {
  const { job, overview, language, segments, newest, asked, list } = useTranscript();
  const readNewest = () => newest.getSnapshot().revision ?? overview.revision;
  const { revision: current = overview.revision } = useSegments(newest);
  return {
    jobId: job.id,
    name: overview.name,
    language,
    newest: current,
    revision: asked ?? current,
    isReadOnly: asked !== undefined,
    flush: () => Promise.resolve(readNewest()),
    reload: (revision) => newest.reload(revision),
    reveal: ({ index }) => {
      const row = segments.getSnapshot().rows.findIndex((each) => each?.index === index);
      if (row >= 0) list.show(row, { hasFlash: true });
    },
  };
}

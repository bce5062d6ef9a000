import { ProblemError } from "@/api/problem";
import { useEditDesk } from "./editing/EditContext";
import type { SaveStatus } from "./editing/saver";
import type { OpenTranscript } from "./open-transcript";
import { useSegments } from "./segments/use-segments";
import { useTranscript } from "./TranscriptContext";

/** What the tools see of the transcript on this screen; it renders whoever asks when that changes. */
export function useOpenTranscript(): OpenTranscript {
  const { job, overview, language, segments, newest, asked, list } = useTranscript();
  const saver = useEditDesk()?.session.saver;
  const { revision: current = overview.revision } = useSegments(newest);
  return {
    jobId: job.id,
    name: overview.name,
    language,
    newest: current,
    revision: asked ?? current,
    isReadOnly: asked !== undefined,
    flush: async () => {
      // Where nothing is typed, somebody else may have: the service is asked.
      if (!saver) await newest.reload();
      else if (!(await saver.flush())) throw whyUnsaved(saver.status.get());
      return newest.getBase().revision ?? current;
    },
    reload: (revision) => newest.reload(revision),
    reveal: ({ index }) => {
      const row = segments.getSnapshot().rows.findIndex((each) => each?.index === index);
      if (row >= 0) list.show(row, { hasFlash: true });
    },
  };
}

/** A clash that waits for somebody to settle it is no error of the saver's. */
function whyUnsaved(status: SaveStatus): Error {
  const error = "error" in status ? status.error : undefined;
  return error instanceof Error ? error : new ProblemError(409, "revision_conflict", "");
}

import { useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import type { OpenTranscript } from "../open-transcript";
import { CompareDialog } from "./CompareDialog";
import { RestoreDialog } from "./RestoreDialog";
import { RevisionList } from "./RevisionList";

type Question = "changes" | "restore";

/** The history of a transcript: to read, to compare and to bring back. */
export function HistoryPanel({ transcript }: { transcript: OpenTranscript }) {
  const navigate = useNavigate();
  const [question, setQuestion] = useState<Question>();
  // It stays while the dialog about it closes.
  const [number, setNumber] = useState(0);
  const close = () => {
    setQuestion(undefined);
  };
  const ask = (about: Question) => (chosen: number) => {
    setQuestion(about);
    setNumber(chosen);
  };
  const dialog = { transcript, number, onClose: close };
  return (
    <>
      <RevisionList
        transcript={transcript}
        onCompare={ask("changes")}
        onRestore={ask("restore")}
        onOpen={(chosen) => {
          void navigate({
            to: "/transcript/$jobId",
            params: { jobId: transcript.jobId },
            // The newest has the plain address, so that it stays the newest.
            search: chosen === transcript.newest ? {} : { revision: chosen },
          });
        }}
      />
      <CompareDialog {...dialog} isOpen={question === "changes"} />
      <RestoreDialog {...dialog} isOpen={question === "restore"} />
    </>
  );
}

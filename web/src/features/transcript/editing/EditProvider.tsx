import { type ReactNode, useEffect, useState } from "react";
import { useTranscript } from "../TranscriptContext";
import { ClashDialog } from "./ClashDialog";
import { EditDesk } from "./desk";
import { EditContext } from "./EditContext";
import { InsertDialog } from "./InsertDialog";
import { SpeakerDialog } from "./SpeakerDialog";
import { TimesDialog } from "./TimesDialog";
import { useEditSession } from "./use-edit-session";
import { useEditShortcuts } from "./use-edit-shortcuts";

/** Lets everything inside of it correct the transcript. */
export function EditProvider({ children }: { children: ReactNode }) {
  const { job, segments, list, player } = useTranscript();
  const session = useEditSession(job.id, segments);
  const [desk] = useState(() => new EditDesk(session, { segments, list, player }));
  useEffect(() => desk.start(), [desk]);
  return (
    <EditContext value={desk}>
      {children}
      <EditShortcuts />
      <SpeakerDialog />
      <TimesDialog />
      <InsertDialog />
      <ClashDialog />
    </EditContext>
  );
}

function EditShortcuts() {
  useEditShortcuts();
  return null;
}

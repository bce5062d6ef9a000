import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { createIdentifier } from "@/lib/identifiers";
import type { SegmentStore } from "../segments/segment-store";
import { Keeping } from "./keeping";
import { createEditService, type EditService } from "./service";
import { EditSession } from "./session";
import { Tabs } from "./tabs";

/** The corrections of a transcript for as long as its screen is there. */
export function useEditSession(jobId: string, store: SegmentStore): EditSession {
  const client = useQueryClient();
  const [parts] = useState(() => {
    const page = createIdentifier();
    const service = createEditService(client, jobId);
    const session = new EditSession(store, service);
    return { page, service, session, keeping: new Keeping(jobId, page) };
  });
  const { page, service, session, keeping } = parts;
  useEffect(() => {
    const stop = session.start();
    const tabs = new Tabs(jobId, page, (revision) => void session.saver.hear(revision));
    const stopKeeping = session.changes.subscribe(() => {
      keeping.write(session.write());
    });
    const stops = [
      session.made.subscribe(() => {
        tabs.tell(session.made.get());
      }),
      listenToWindow(service, session),
    ];
    void recoverLeft(session, keeping, tabs);
    return () => {
      for (const each of stops) each();
      // What waits is in the browser's storage; what can be sent at once is.
      void session.saver.flush().finally(stopKeeping);
      stop();
      tabs.close();
    };
  }, [jobId, page, service, session, keeping]);
  return session;
}

/** Goes on with what pages left that are not there any more, one after the other. */
async function recoverLeft(session: EditSession, keeping: Keeping, tabs: Tabs): Promise<void> {
  if (keeping.listPages().length === 0) return;
  const living = await tabs.findLiving();
  for (const left of keeping.listPages()) {
    if (living.has(left) || !(await session.saver.flush())) continue;
    const kept = keeping.take(left);
    if (kept) session.recover(kept);
  }
}

/** Another browser tells nothing: whoever comes back to this page asks. */
function listenToWindow(service: EditService, session: EditSession): () => void {
  const look = () => {
    if (document.visibilityState !== "visible") return;
    service.readNewest().then(session.saver.hear, () => {
      // The next return finds it out, or the next edit.
    });
  };
  const retry = () => void session.saver.flush();
  const warn = (event: BeforeUnloadEvent) => {
    if (session.write() !== undefined) event.preventDefault();
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", retry);
  window.addEventListener("beforeunload", warn);
  return () => {
    document.removeEventListener("visibilitychange", look);
    window.removeEventListener("online", retry);
    window.removeEventListener("beforeunload", warn);
  };
}

import { type ReactNode, useCallback, useMemo, useState } from "react";
import type { JobRead, TranscriptOverview } from "@/api/generated";
import { Observable } from "@/lib/observable";
import { EditProvider } from "./editing/EditProvider";
import { Player } from "./player/player";
import { readPlayerSettings } from "./player/player-settings";
import { ListControl } from "./reading/list-control";
import { ReviewProvider } from "./review/ReviewProvider";
import { useSegmentStore } from "./segments/use-segments";
import { ShortcutProvider } from "./shortcuts/ShortcutProvider";
import { TranscriptContext } from "./TranscriptContext";

interface TranscriptProviderProps {
  job: JobRead;
  overview: TranscriptOverview;
  children: ReactNode;
}

/** Gives the parts of one transcript's screen what they share. */
export function TranscriptProvider({ job, overview, children }: TranscriptProviderProps) {
  const segments = useSegmentStore(job.id);
  const [parts] = useState(() => ({
    player: new Player(overview.duration_seconds, readPlayerSettings()),
    list: new ListControl(),
    isFollowing: new Observable(true),
    panel: new Observable<string | undefined>(undefined),
  }));
  const { player, list } = parts;
  const goTo = useCallback(
    async (seconds: number) => {
      player.seek(seconds);
      const row = await segments.locate(seconds);
      if (row !== -1) list.show(row, { hasFlash: true });
    },
    [player, list, segments],
  );
  const tools = useMemo(
    () => ({ ...parts, job, overview, segments, goTo, language: textLanguage(overview) }),
    [parts, job, overview, segments, goTo],
  );
  return (
    <TranscriptContext value={tools}>
      <ShortcutProvider>
        <EditProvider>
          <ReviewProvider>{children}</ReviewProvider>
        </EditProvider>
      </ShortcutProvider>
    </TranscriptContext>
  );
}

/** The language the text is written in, so that browsers choose glyphs, hyphens and voices for it. */
function textLanguage({ task, language }: TranscriptOverview): string {
  return task === "translate" ? "en" : language;
}

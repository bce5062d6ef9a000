import { createContext, use } from "react";
import type { JobRead, TranscriptOverview } from "@/api/generated";
import type { Observable } from "@/lib/observable";
import type { Player } from "./player/player";
import type { ListControl } from "./reading/list-control";
import type { SegmentStore } from "./segments/segment-store";

/*
 * What every part of a finished transcript's screen works with.  Only the revision that is read
 * changes while the screen is there, and `segments` with it: what else changes is inside of the
 * stores, the player and the observables.
 */
export interface TranscriptTools {
  job: JobRead;
  overview: TranscriptOverview;
  /** Of the text: English where it was translated. */
  language: string;
  /** The segments that are read; `useSegments(segments)` renders with them. */
  segments: SegmentStore;
  /** Those of the newest revision, which corrections are made to; mostly the same. */
  newest: SegmentStore;
  /** The revision that was asked for, to be read only; undefined for the newest. */
  asked: number | undefined;
  player: Player;
  /** Scrolls the text to a row. */
  list: ListControl;
  /** Whether the text follows what is played. */
  isFollowing: Observable<boolean>;
  /** The panel that is open beside the text, by its id. */
  panel: Observable<string | undefined>;
  /** Goes to a moment: the text shows it, the player stands there. */
  goTo: (seconds: number) => Promise<void>;
}

export const TranscriptContext = createContext<TranscriptTools | undefined>(undefined);

export function useTranscript(): TranscriptTools {
  const tools = use(TranscriptContext);
  if (!tools) throw new Error("There is no transcript around this.");
  return tools;
}

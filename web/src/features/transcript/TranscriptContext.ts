import { createContext, use } from "react";
import type { JobRead, TranscriptOverview } from "@/api/generated";
import type { Observable } from "@/lib/observable";
import type { Player } from "./player/player";
import type { ListControl } from "./reading/list-control";
import type { SegmentStore } from "./segments/segment-store";

/*
 * What every part of a finished transcript's screen works with.  None of it changes while the
 * screen is there: what changes is inside of the store, the player and the observables.
 */
export interface TranscriptTools {
  job: JobRead;
  overview: TranscriptOverview;
  /** Of the text: English where it was translated. */
  language: string;
  /** The segments; `useSegments(segments)` renders with them. */
  segments: SegmentStore;
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

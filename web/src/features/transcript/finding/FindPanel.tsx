import { Divider } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo, useState } from "react";
import type { SegmentRead } from "@/api/generated";
import type { OpenTranscript } from "../open-transcript";
import { readSelection } from "./find-field";
import { FindForm } from "./FindForm";
import classes from "./FindPanel.module.css";
import { buildPattern, findMatches, firstMatchFrom, type Wanted } from "./matches";
import { readPlace } from "./read-place";
import { ReplaceSection } from "./ReplaceSection";
import { useHighlights } from "./use-highlights";

/** How long the typing rests before the whole text is gone through. */
const SETTLING_MS = 150;

interface FindPanelProps {
  transcript: OpenTranscript;
  /** Every segment, as far as they were loaded. */
  rows: readonly (SegmentRead | undefined)[];
}

/** Finds in the whole transcript, also where it is not drawn, and replaces. */
export function FindPanel({ transcript, rows }: FindPanelProps) {
  const [wanted, setWanted] = useState<Wanted>(() => ({
    text: readSelection(),
    isCaseMatched: false,
    isWholeWords: false,
  }));
  const [settled] = useDebouncedValue(wanted, SETTLING_MS);
  const pattern = useMemo(() => buildPattern(settled), [settled]);
  const matches = useMemo(() => (pattern ? findMatches(rows, pattern) : []), [pattern, rows]);
  // Before the first step nothing is gone to: the text stays where it is while one types.
  const [step, setStep] = useState<{ pattern: RegExp; place: number }>();
  const place = step && step.pattern === pattern ? Math.min(step.place, matches.length - 1) : -1;
  const current = matches[place];
  useHighlights(matches, current);

  const go = (by: 1 | -1) => {
    if (!pattern || matches.length === 0) return;
    const first = firstMatchFrom(matches, readPlace(rows));
    const from = place >= 0 ? place + by : by === 1 ? first : first - 1;
    const next = (from + matches.length) % matches.length;
    setStep({ pattern, place: next });
    const match = matches[next];
    if (match) transcript.reveal(match.segment);
  };
  return (
    <div className={classes["panel"]}>
      <FindForm
        wanted={wanted}
        onChange={setWanted}
        place={place}
        count={pattern ? matches.length : undefined}
        isWhole={!rows.includes(undefined)}
        onStep={go}
      />
      {!transcript.isReadOnly && (
        <>
          <Divider />
          <ReplaceSection transcript={transcript} wanted={wanted} />
        </>
      )}
    </div>
  );
}

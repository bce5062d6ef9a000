import { useCallback, useEffect } from "react";
import { Observable, useObservable } from "@/lib/observable";
import type { SegmentSlots } from "../reading/slots";
import type { OpenPlace } from "./desk";
import { useEditDesk } from "./EditContext";
import type { Line } from "./lines";
import { SegmentActions } from "./SegmentActions";
import { SegmentEditor } from "./SegmentEditor";
import { SpeakerLabel } from "./SpeakerLabel";

const closed = new Observable<OpenPlace | undefined>(undefined);

/** What correcting puts into the rows of the text; nothing where it can only be read. */
export function useEditSlots(): SegmentSlots {
  const desk = useEditDesk();
  const place = useObservable(desk?.place ?? closed);
  useEffect(() => {
    if (!desk) return undefined;
    const open = (event: MouseEvent) => {
      const found = findWritten(event.target);
      if (found) desk.open(found.name, found.caret);
    };
    document.addEventListener("dblclick", open);
    return () => {
      document.removeEventListener("dblclick", open);
    };
  }, [desk]);
  const renderSegment = useCallback(
    (segment: Line) =>
      place?.name === segment.index ? (
        <SegmentEditor key={segment.index} segment={segment} caret={place.caret} />
      ) : undefined,
    [place],
  );
  const renderActions = useCallback(
    ({ index, start }: Line) => <SegmentActions name={index} start={start} />,
    [],
  );
  const renderSpeaker = useCallback(
    ({ index, speaker }: Line) => <SpeakerLabel name={index} speaker={speaker} />,
    [],
  );
  return desk ? { renderSegment, renderActions, renderSpeaker } : {};
}

/** The segment whose text was pressed twice, and the place in the text. */
function findWritten(target: EventTarget | null): { name: number; caret: number } | undefined {
  if (!(target instanceof Element) || target.closest("button, textarea")) return undefined;
  const text = target.closest("p[lang]");
  const row = text?.closest("[data-segment]");
  const selection = document.getSelection();
  if (!text || !row || !selection?.anchorNode || !text.contains(selection.anchorNode)) {
    return undefined;
  }
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(selection.anchorNode, selection.anchorOffset);
  return { name: Number(row.getAttribute("data-segment")), caret: before.toString().length };
}

import { Button, Textarea } from "@mantine/core";
import { IconArrowMerge, IconCheck, IconScissors } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatClock } from "@/lib/quantities";
import { useTranscript } from "../TranscriptContext";
import { useEditing } from "./EditContext";
import { type Line, tidyText } from "./lines";
import { MAX_TEXT_LENGTH } from "./operations";
import type { EditDesk } from "./desk";
import classes from "./SegmentEditor.module.css";

interface SegmentEditorProps {
  segment: Line;
  caret: number | undefined;
}

/** The text of a segment while it is corrected; each change is on its way at once. */
export function SegmentEditor({ segment, caret }: SegmentEditorProps) {
  const { t } = useTranslation();
  const { language } = useTranscript();
  const desk = useEditing();
  const field = useRef<HTMLTextAreaElement>(null);
  const [change] = useState(desk.session.startChange);
  const [draft, setDraft] = useDraft(segment);
  useCaret(field, caret);
  useEmptied(desk, segment.index, field);

  const write = (text: string) => {
    setDraft(text);
    const tidy = tidyText(text);
    if (tidy === "" || tidy === segment.text) return;
    desk.session.perform([{ op: "set_text", segment: segment.index, text: tidy }], change);
  };
  const caretNow = () => field.current?.selectionStart ?? draft.length;
  const isEmpty = tidyText(draft) === "";
  const time = formatClock(segment.start);

  return (
    <div className={classes["editor"]}>
      <Textarea
        ref={field}
        autosize
        minRows={1}
        lang={language}
        dir="auto"
        maxLength={MAX_TEXT_LENGTH}
        aria-label={t("editing.field", { time })}
        description={t(isEmpty ? "editing.emptyHint" : "editing.hint")}
        descriptionProps={{ mod: { keys: !isEmpty } }}
        inputWrapperOrder={["input", "description"]}
        classNames={{ input: classes["input"] ?? "", description: classes["hint"] ?? "" }}
        value={draft}
        onChange={(event) => {
          write(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (handleKey(event, desk, segment.index, draft)) event.preventDefault();
        }}
      />
      <div className={classes["buttons"]}>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconScissors size={14} aria-hidden="true" />}
          onClick={() => {
            desk.split(segment.index, draft, caretNow());
          }}
        >
          {t("editing.splitShort")}
        </Button>
        {desk.hasNeighbour(segment.index, -1) && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconArrowMerge size={14} aria-hidden="true" />}
            onClick={() => {
              desk.merge(segment.index, -1);
            }}
          >
            {t("editing.mergeBefore")}
          </Button>
        )}
        <Button
          size="compact-sm"
          leftSection={<IconCheck size={14} aria-hidden="true" />}
          onClick={desk.leave}
        >
          {t("editing.done")}
        </Button>
      </div>
    </div>
  );
}

/** What is in the field: what was typed, until the segment has another text than that. */
function useDraft(segment: Line): [string, (draft: string) => void] {
  const [draft, setDraft] = useState(segment.text);
  const [seen, setSeen] = useState(segment.text);
  if (segment.text !== seen) {
    setSeen(segment.text);
    if (tidyText(draft) !== segment.text) setDraft(segment.text);
  }
  return [draft, setDraft];
}

function useCaret(
  field: React.RefObject<HTMLTextAreaElement | null>,
  caret: number | undefined,
): void {
  useEffect(() => {
    const element = field.current;
    if (!element) return;
    const place = caret ?? element.value.length;
    element.focus({ preventScroll: true });
    element.setSelectionRange(place, place);
  }, [field, caret]);
}

/** A segment of which nothing is left goes when its text is left. */
function useEmptied(
  desk: EditDesk,
  name: number,
  field: React.RefObject<HTMLTextAreaElement | null>,
): void {
  useEffect(() => {
    const element = field.current;
    return () => {
      const isOpen = desk.place.get()?.name === name;
      if (element && !isOpen && tidyText(element.value) === "") desk.drop(name);
    };
  }, [desk, name, field]);
}

/** True when the key was one of the editor's own. */
function handleKey(
  event: KeyboardEvent<HTMLTextAreaElement>,
  desk: EditDesk,
  name: number,
  draft: string,
): boolean {
  if (event.nativeEvent.isComposing) return false;
  const { key, currentTarget, ctrlKey, metaKey, shiftKey, altKey } = event;
  const hasMod = ctrlKey || metaKey;
  const { selectionStart: caret, selectionEnd: end } = currentTarget;
  if (key === "Escape") desk.leave();
  else if (key === "Enter" && hasMod && shiftKey) desk.split(name, draft, caret);
  else if (key === "Enter" && hasMod) desk.move(1);
  else if (key === "Enter") desk.leave();
  else if (key === "Tab" && !hasMod && !altKey) desk.move(shiftKey ? -1 : 1);
  else if (key === "Backspace" && caret === 0 && end === 0) desk.merge(name, -1);
  else if (key === "Delete" && caret === draft.length) desk.merge(name, 1);
  else return false;
  return true;
}

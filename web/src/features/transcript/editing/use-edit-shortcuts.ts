import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Shortcut, useShortcuts } from "../shortcuts/shortcuts";
import { findRow } from "../segments/find-row";
import { useTranscript } from "../TranscriptContext";
import { useEditing } from "./EditContext";
import { readFocused } from "./marked";

/** The keys of correcting; those of the open text are only listed, as the text hears them itself. */
export function useEditShortcuts(): void {
  const { t } = useTranslation();
  const desk = useEditing();
  const { segments, player } = useTranscript();
  const shortcuts = useMemo((): Shortcut[] => {
    const { session } = desk;
    /** The row that has the focus, else the one that is played. */
    const withSegment = (act: (name: number) => void) => () => {
      const { rows } = segments.getSnapshot();
      const played = rows[Math.max(0, findRow(rows, player.time()))]?.index;
      const name = desk.place.get()?.name ?? readFocused() ?? played;
      if (name !== undefined) act(name);
    };
    const ask = (kind: "speaker" | "times" | "insert") =>
      withSegment((name) => {
        desk.remember();
        desk.ask(kind, name);
      });
    const group = "editing";
    return [
      {
        id: "edit",
        group,
        keys: ["E", "F2"],
        label: t("editing.edit"),
        run: withSegment(desk.open),
      },
      { id: "undo", group, keys: ["Mod+Z"], label: t("editing.undo"), run: session.undo },
      {
        id: "redo",
        group,
        keys: ["Mod+Shift+Z", "Mod+Y"],
        label: t("editing.redo"),
        run: session.redo,
      },
      { id: "speaker", group, keys: ["S"], label: t("editing.speaker"), run: ask("speaker") },
      { id: "times", group, keys: ["T"], label: t("editing.times"), run: ask("times") },
      { id: "insert", group, keys: ["I"], label: t("editing.insert"), run: ask("insert") },
      {
        id: "remove",
        group,
        keys: ["Shift+Delete"],
        label: t("editing.remove"),
        run: withSegment(desk.remove),
      },
      {
        id: "merge-before",
        group,
        keys: ["B"],
        label: t("editing.mergeBefore"),
        run: withSegment((name) => {
          desk.merge(name, -1);
        }),
      },
      {
        id: "merge-after",
        group,
        keys: ["Shift+B"],
        label: t("editing.mergeAfter"),
        run: withSegment((name) => {
          desk.merge(name, 1);
        }),
      },
      { id: "split", group, keys: ["Mod+Shift+Enter"], label: t("editing.split") },
      { id: "next", group, keys: ["Tab", "Mod+Enter"], label: t("editing.next") },
      { id: "before", group, keys: ["Shift+Tab"], label: t("editing.before") },
      { id: "merge-keys", group, keys: ["Backspace"], label: t("editing.mergeKeys") },
      { id: "leave", group, keys: ["Escape", "Enter"], label: t("editing.leave") },
    ];
  }, [t, desk, segments, player]);
  useShortcuts(shortcuts);
}

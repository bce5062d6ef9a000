import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/ui/Dialog";
import { useObservable } from "@/lib/observable";
import { useTranscript } from "../TranscriptContext";
import { findTimeFault } from "./check-times";
import { readClock, writeClock } from "./clock";
import { useEditing } from "./EditContext";
import { type Line, tidyText } from "./lines";
import { MAX_TEXT_LENGTH } from "./operations";
import { TimeFields } from "./TimeFields";
import classes from "./EditDialog.module.css";

/** A passage that is put where the speech pauses is this long, unless the pause says otherwise. */
const USUAL_SECONDS = 2;
const SHORTEST_SECONDS = 0.001;

/** Asks for words that were not heard. */
export function InsertDialog() {
  const { t } = useTranslation();
  const desk = useEditing();
  const question = useObservable(desk.question);
  const isOpen = question?.kind === "insert";
  return (
    <Dialog isOpen={isOpen} onClose={desk.dismiss} title={t("times.insertTitle")}>
      {isOpen && <InsertForm after={desk.session.find(question.name)} />}
    </Dialog>
  );
}

function InsertForm({ after }: { after: Line | undefined }) {
  const { t } = useTranslation();
  const desk = useEditing();
  const { overview, language } = useTranscript();
  const duration = overview.duration_seconds;
  const [times, setTimes] = useState(() => {
    const next = after && desk.neighboursOf(after.index)[1];
    const latest = next?.start ?? duration;
    // Before the next one also where speech does not pause: at the same time it would stand behind.
    const last = next ? next.start - SHORTEST_SECONDS : duration;
    const start = after ? Math.max(after.start, Math.min(after.end, last)) : 0;
    const end = Math.max(start, Math.min(start + USUAL_SECONDS, latest));
    return { start: writeClock(start), end: writeClock(end) };
  });
  const [text, setText] = useState("");
  const [isTried, setTried] = useState(false);
  const [start, end] = [readClock(times.start), readClock(times.end)];
  const fault = findTimeFault({ start, end }, { before: undefined, next: undefined, duration });
  const insert = () => {
    setTried(true);
    const tidy = tidyText(text);
    if (fault || start === undefined || end === undefined || tidy === "") return;
    const made = desk.session.makeName();
    const speaker = after?.speaker ?? null;
    const isDone = desk.session.perform([{ op: "insert", start, end, text: tidy, speaker, made }]);
    desk.dismiss();
    if (isDone) desk.show(made);
  };
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        insert();
      }}
    >
      <p className={classes["lead"]}>{t("times.insertLead")}</p>
      <Textarea
        label={t("times.text")}
        autosize
        minRows={2}
        lang={language}
        dir="auto"
        maxLength={MAX_TEXT_LENGTH}
        value={text}
        error={isTried && tidyText(text) === "" && t("times.noText")}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        data-autofocus
      />
      <TimeFields times={times} onChange={setTimes} fault={fault} />
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={desk.dismiss}>
          {t("app.cancel")}
        </Button>
        <Button type="submit">{t("times.insert")}</Button>
      </div>
    </form>
  );
}

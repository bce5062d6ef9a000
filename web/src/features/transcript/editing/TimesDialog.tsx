import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/ui/Dialog";
import { useObservable } from "@/lib/observable";
import { useTranscript } from "../TranscriptContext";
import { findTimeFault } from "./check-times";
import { readClock, writeClock } from "./clock";
import { useEditing } from "./EditContext";
import type { Line } from "./lines";
import { TimeFields } from "./TimeFields";
import classes from "./EditDialog.module.css";

/** Asks when a segment begins and ends. */
export function TimesDialog() {
  const { t } = useTranslation();
  const desk = useEditing();
  const question = useObservable(desk.question);
  const segment = question?.kind === "times" ? desk.session.find(question.name) : undefined;
  return (
    <Dialog isOpen={segment !== undefined} onClose={desk.dismiss} title={t("times.title")}>
      {segment && <TimesForm segment={segment} />}
    </Dialog>
  );
}

function TimesForm({ segment }: { segment: Line }) {
  const { t } = useTranslation();
  const desk = useEditing();
  const { overview } = useTranscript();
  const [times, setTimes] = useState({
    start: writeClock(segment.start),
    end: writeClock(segment.end),
  });
  const [before, next] = desk.neighboursOf(segment.index);
  const [start, end] = [readClock(times.start), readClock(times.end)];
  const duration = Math.max(overview.duration_seconds, segment.end);
  const fault = findTimeFault({ start, end }, { before, next, duration });
  const apply = () => {
    if (fault || start === undefined || end === undefined) return;
    desk.session.perform([{ op: "set_times", segment: segment.index, start, end }]);
    desk.dismiss();
  };
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <TimeFields times={times} onChange={setTimes} fault={fault} />
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={desk.dismiss}>
          {t("app.cancel")}
        </Button>
        <Button type="submit">{t("times.apply")}</Button>
      </div>
    </form>
  );
}

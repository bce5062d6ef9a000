import { Button, TextInput } from "@mantine/core";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useTranscript } from "../TranscriptContext";
import { writeClock } from "./clock";
import type { TimeFault } from "./check-times";
import classes from "./EditDialog.module.css";

interface WrittenTimes {
  start: string;
  end: string;
}

interface TimeFieldsProps {
  times: WrittenTimes;
  onChange: (times: WrittenTimes) => void;
  fault: TimeFault | undefined;
}

/** When a segment begins and ends, to be written or taken from the player. */
export function TimeFields({ times, onChange, fault }: TimeFieldsProps) {
  const { t } = useTranslation();
  const { player } = useTranscript();
  return (["start", "end"] as const).map((field) => (
    <div key={field} className={classes["time"]}>
      <TextInput
        label={t(`times.${field}`)}
        description={field === "start" && t("times.format")}
        value={times[field]}
        inputMode="decimal"
        autoComplete="off"
        error={fault?.field === field && describeFault(fault, t)}
        onChange={(event) => {
          onChange({ ...times, [field]: event.currentTarget.value });
        }}
      />
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => {
          onChange({ ...times, [field]: writeClock(player.time()) });
        }}
      >
        {t("times.now", { time: writeClock(player.time()) })}
      </Button>
    </div>
  ));
}

function describeFault(fault: TimeFault, t: TFunction): string {
  if (!("time" in fault)) return t(`times.${fault.fault}`);
  const time = writeClock(fault.time);
  switch (fault.fault) {
    case "tooEarly":
      return t("times.tooEarly", { time });
    case "behindNext":
      return t("times.behindNext", { time });
    case "tooLate":
      return t("times.tooLate", { time });
  }
}

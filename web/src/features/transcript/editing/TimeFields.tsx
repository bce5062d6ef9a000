import { Button, TextInput } from "@mantine/core";
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

function describeFault(fault: TimeFault, t: ReturnType<typeof useTranslation>["t"]): string {
  return "time" in fault
    ? t(`times.${fault.fault}`, { time: writeClock(fault.time) })
    : t(`times.${fault.fault}`);
}

import { roundSeconds } from "./lines";

/** A moment to the millisecond, as it is written into a field: `1:02:03.5`. */
export function writeClock(seconds: number): string {
  const thousandths = Math.round(seconds * 1000);
  const whole = Math.floor(thousandths / 1000);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const pad = (value: number) => value.toString().padStart(2, "0");
  const clock = hours > 0 ? `${hours}:${pad(minutes)}` : minutes.toString();
  const rest = (thousandths % 1000).toString().padStart(3, "0").replace(/0+$/, "");
  return `${clock}:${pad(whole % 60)}${rest && `.${rest}`}`;
}

/** Seconds of what somebody wrote: `1:02:03.5`, `62:03,5`, `3723.5`; undefined when it is no time. */
export function readClock(text: string): number | undefined {
  const found = /^(?:(?:(\d+):)?(\d+):)?(\d+)(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (!found) return undefined;
  const [, hours = "0", minutes = "0", seconds = "0", rest = ""] = found;
  const isClock = found[2] !== undefined;
  if (isClock && Number(seconds) > 59) return undefined;
  if (found[1] !== undefined && Number(minutes) > 59) return undefined;
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return roundSeconds(whole + Number(rest.padEnd(3, "0")) / 1000);
}

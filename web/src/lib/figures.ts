/** Figures as an operator reads them; every function takes the interface language. */

/** What stands for a figure that nobody knows. */
export const UNKNOWN = "–";

const AGO_STEPS = [
  [60, "second"],
  [3_600, "minute"],
  [86_400, "hour"],
] as const;

export function formatCount(count: number, language: string): string {
  return new Intl.NumberFormat(language).format(count);
}

/** A number with two digits that count, such as a ratio: `0.13`, `1.2`, `310`. */
export function formatRatio(ratio: number, language: string): string {
  return new Intl.NumberFormat(language, {
    maximumSignificantDigits: ratio < 100 ? 2 : 3,
  }).format(ratio);
}

/** A share that may be small: `0.4%`; never rounded to nothing or to all. */
export function formatShare(share: number, language: string): string {
  const percent = (value: number, digits: number) =>
    new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: digits }).format(
      value,
    );
  if (share > 0 && share < 0.001) return `< ${percent(0.001, 1)}`;
  return percent(share < 1 ? Math.min(share, 0.999) : share, 1);
}

/** A measured time, with the precision that its size has: `12 ms`, `3.4 s`, `2 min 5 s`, `3 h 20 min`. */
export function formatTaken(seconds: number, language: string): string {
  if (seconds > 0 && seconds < 0.0005) return `< ${unit(1, "millisecond", language)}`;
  if (seconds < 0.9995) return unit(Math.round(seconds * 1000), "millisecond", language);
  if (seconds < 59.95) return unit(seconds, "second", language, seconds < 10 ? 1 : 0);
  const whole = Math.round(seconds);
  if (whole < 3_600) return pair(whole, 60, "minute", "second", language);
  return pair(Math.round(whole / 60), 60, "hour", "minute", language);
}

/** How long ago something was: `12 sec. ago`, `3 hr. ago`. */
export function formatAgo(seconds: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { style: "short", numeric: "always" });
  const past = Math.max(0, seconds);
  let length = 1;
  for (const [end, name] of AGO_STEPS) {
    if (past < end) return format.format(-Math.floor(past / length), name);
    length = end;
  }
  return format.format(-Math.floor(past / length), "day");
}

function pair(value: number, base: number, large: string, small: string, language: string): string {
  const rest = value % base;
  const whole = unit(Math.floor(value / base), large, language);
  return rest === 0 ? whole : `${whole} ${unit(rest, small, language)}`;
}

function unit(value: number, name: string, language: string, digits = 0): string {
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: name,
    unitDisplay: "short",
    maximumFractionDigits: digits,
  }).format(value);
}

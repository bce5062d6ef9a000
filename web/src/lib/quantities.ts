/** Quantities as readers write them; every function takes the interface language. */

const KILO = 1000;
const SIZE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** A position in a recording: `0:07`, `12:05`, `1:02:03`. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [Math.floor(whole / 60) % 60, whole % 60].map((part) =>
    part.toString().padStart(2, "0"),
  );
  const hours = Math.floor(whole / 3600);
  return hours > 0 ? `${hours}:${parts.join(":")}` : parts.join(":").replace(/^0/, "");
}

/** How long something takes, to the precision a person plans with: `40 sec`, `5 min`, `2 hr`. */
export function formatSpan(seconds: number, language: string): string {
  const rounded = Math.max(1, Math.ceil(seconds));
  if (rounded < 60) return formatUnit(rounded, "second", language);
  const minutes = Math.round(rounded / 60);
  if (minutes < 60) return formatUnit(minutes, "minute", language);
  const hours = formatUnit(Math.floor(minutes / 60), "hour", language);
  return minutes % 60 === 0 ? hours : `${hours} ${formatUnit(minutes % 60, "minute", language)}`;
}

/** A size in decimal units, as file managers show it. */
export function formatBytes(bytes: number, language: string): string {
  const power = bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3);
  const step = Math.min(power, SIZE_UNITS.length - 1);
  return new Intl.NumberFormat(language, {
    style: "unit",
    unit: SIZE_UNITS[step],
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / KILO ** step);
}

export function formatPercent(share: number, language: string): string {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 }).format(
    // Rounding up to 100 % would announce an end that has not come.
    share < 1 ? Math.min(share, 0.99) : 1,
  );
}

/** A moment as a list shows it: the time for today, the date for everything older. */
export function formatMoment(moment: string, language: string, now = new Date()): string {
  const date = new Date(moment);
  const isToday = date.toDateString() === now.toDateString();
  return new Intl.DateTimeFormat(
    language,
    isToday ? { timeStyle: "short" } : { dateStyle: "medium" },
  ).format(date);
}

/** A moment with date and time, where the order of a day matters. */
export function formatMomentWithTime(moment: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }).format(
    new Date(moment),
  );
}

/** A day of the calendar, given as `2026-03-01`. */
export function formatDay(day: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(
    new Date(`${day}T00:00:00`),
  );
}

/** The same moment in full. */
export function formatExactMoment(moment: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "medium" }).format(
    new Date(moment),
  );
}

/** A language code under its name in the interface language: `de` → German. */
export function formatLanguageName(code: string, language: string): string {
  return languageNames(language).of(code) ?? code;
}

function languageNames(language: string): Intl.DisplayNames {
  return new Intl.DisplayNames(language, { type: "language", fallback: "code" });
}

function formatUnit(value: number, unit: string, language: string): string {
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "short" }).format(
    value,
  );
}

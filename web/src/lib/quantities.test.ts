import { expect, test } from "vitest";
import {
  formatBytes,
  formatClock,
  formatLanguageName,
  formatMoment,
  formatPercent,
  formatSpan,
} from "./quantities";

test.each([
  [0, "0:00"],
  [7.9, "0:07"],
  [725, "12:05"],
  [3723, "1:02:03"],
  [36_000, "10:00:00"],
])("%d s into a recording is %s", (seconds, shown) => {
  expect(formatClock(seconds)).toBe(shown);
});

test.each([
  [0.2, "1 sec"],
  [40, "40 sec"],
  [300, "5 min"],
  [3600, "1 hr"],
  [5400, "1 hr 30 min"],
])("%d s last %s", (seconds, shown) => {
  expect(formatSpan(seconds, "en")).toBe(shown);
});

test("sizes are decimal and in the reader's notation", () => {
  expect(formatBytes(0, "en")).toBe("0 bytes");
  expect(formatBytes(3_250_000, "en")).toBe("3.3 MB");
  expect(formatBytes(3_250_000, "de")).toBe("3,3 MB");
});

test("an end that has not come is not announced", () => {
  expect(formatPercent(0.999, "en")).toBe("99%");
  expect(formatPercent(1, "en")).toBe("100%");
});

test("today has a time, other days a date", () => {
  const now = new Date(2026, 10, 22, 18, 0);
  expect(formatMoment(new Date(2026, 10, 22, 9, 5).toISOString(), "en", now)).toMatch(/9:05/);
  expect(formatMoment(new Date(2026, 10, 20, 9, 5).toISOString(), "en", now)).toBe("Nov 20, 2026");
});

test("languages have their names, unknown ones their code", () => {
  expect(formatLanguageName("de", "en")).toBe("German");
  expect(formatLanguageName("de", "de")).toBe("Deutsch");
  expect(formatLanguageName("yue", "en")).toBe("Cantonese");
});

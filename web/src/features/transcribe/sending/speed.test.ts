import { expect, test } from "vitest";
import { SpeedMeter } from "./speed";

test("an even line has its speed from the first sample on", () => {
  const meter = new SpeedMeter(0, 1_000);
  expect(meter.note(100, 1_100)).toBe(0);
  expect(meter.note(1_000, 2_000)).toBe(1_000);
  expect(meter.note(2_000, 3_000)).toBe(1_000);
});

test("a jump is followed slowly, and what has to be sent again is no negative speed", () => {
  const meter = new SpeedMeter(0, 0);
  meter.note(1_000, 1_000);
  const after = meter.note(2_000, 11_000);
  expect(after).toBeGreaterThan(1_000);
  expect(after).toBeLessThan(4_000);
  const less = meter.note(3_000, 5_000);
  expect(less).toBeGreaterThan(0);
  expect(less).toBeLessThan(after);
});

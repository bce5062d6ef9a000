import { expect, test } from "vitest";
import { findTimeFault } from "./check-times";
import { readClock, writeClock } from "./clock";
import { makeLines } from "./testing/editors";

test.each([
  ["1:02:03.5", 3723.5],
  ["62:03,25", 3723.25],
  ["0:07", 7],
  ["12.345", 12.345],
])("%s is %d s", (text, seconds) => {
  expect(readClock(text)).toBe(seconds);
  expect(readClock(writeClock(seconds))).toBe(seconds);
});

test.each(["", "soon", "1:60", "1:60:00", "-1", "1.2345"])("%j is no time", (text) => {
  expect(readClock(text)).toBeUndefined();
});

test("segments begin in their order and end within the recording", () => {
  const [before, , next] = makeLines("one", "two", "three");
  const limits = { before, next, duration: 10 };
  expect(findTimeFault({ start: 2, end: 9 }, limits)).toBeUndefined();
  expect(findTimeFault({ start: undefined, end: 3 }, limits)?.fault).toBe("badTime");
  expect(findTimeFault({ start: 3, end: 2 }, limits)?.fault).toBe("endFirst");
  expect(findTimeFault({ start: 4.5, end: 5 }, limits)?.fault).toBe("behindNext");
  expect(findTimeFault({ start: 3, end: 11 }, limits)?.fault).toBe("tooLate");
  const later = { ...limits, before: next };
  expect(findTimeFault({ start: 1, end: 3 }, later)?.fault).toBe("tooEarly");
});

import { expect, test } from "vitest";
import { parseCues, readingSpeed } from "./cues";

const srt = `1
00:00:00,000 --> 00:00:04,000
It was the best
of times.

2
01:02:05,250 --> 01:02:06,250
It was --\u2060> the worst.

`;

test("cues of SubRip have their times in seconds and their lines", () => {
  expect(parseCues(srt, true)).toEqual([
    { start: 0, end: 4, lines: ["It was the best", "of times."] },
    { start: 3725.25, end: 3726.25, lines: ["It was --\u2060> the worst."] },
  ]);
});

test("WebVTT is shown as players show it", () => {
  const vtt = `WEBVTT

00:00:01.000 --> 00:00:02.000
<v Ada &amp; Bob>Is 1 &lt; 2?
Yes &amp;amp; no.</v>

`;
  expect(parseCues(vtt, true)).toEqual([
    { start: 1, end: 2, lines: ["Is 1 < 2?", "Yes &amp; no."] },
  ]);
});

test("a cue that was cut off is left out, wherever the cut is", () => {
  const second = srt.indexOf("2\n01");
  for (let end = second; end < srt.length - 1; end += 1) {
    expect(parseCues(srt.slice(0, end), false)).toHaveLength(1);
  }
  expect(parseCues(srt, false)).toHaveLength(2);
  expect(parseCues("", true)).toEqual([]);
});

test("the reading speed counts characters, not units of their encoding", () => {
  expect(readingSpeed({ start: 1, end: 3, lines: ["ab", "😀d"] })).toBe(2);
});

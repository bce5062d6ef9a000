import { expect, test } from "vitest";
import {
  choosableParts,
  choosePart,
  exportFormats,
  parseSettings,
  toQuery,
  usualSettings,
} from "./export-settings";

test("each format is asked for what it can show, as usual or as chosen", () => {
  expect(toQuery(usualSettings, 3)).toEqual({
    format: "txt",
    revision: 3,
    speakers: false,
    timestamps: false,
  });
  const pdf = choosePart({ ...usualSettings, format: "pdf" }, "timestamps", false);
  expect(toQuery(pdf, 0)).toEqual({
    format: "pdf",
    revision: 0,
    speakers: true,
    timestamps: false,
    confidence: false,
  });
  // What was chosen for one format says nothing of another.
  expect(choosableParts({ ...pdf, format: "docx" })).toContainEqual(["timestamps", true]);
});

test("limits are sent for subtitles alone, and only those that are not as usual", () => {
  const limits = { ...usualSettings.limits, max_line_length: 32 };
  const settings = { ...usualSettings, limits };
  expect(toQuery({ ...settings, format: "vtt" }, 1)).toEqual({
    format: "vtt",
    revision: 1,
    speakers: false,
    max_line_length: 32,
  });
  expect(toQuery(settings, 1)).not.toHaveProperty("max_line_length");
});

test("settings come back as they were kept", () => {
  const kept = choosePart(
    { ...usualSettings, format: "srt", limits: { ...usualSettings.limits, max_cue_seconds: 5.5 } },
    "speakers",
    true,
  );
  const read = parseSettings(JSON.stringify(kept));
  expect(toQuery(read, 0)).toEqual(toQuery(kept, 0));
});

test("what was kept and cannot be used is as usual", () => {
  const broken = [
    null,
    "",
    "{",
    "[]",
    "7",
    "null",
    '{"format": "mp3", "parts": {"txt": {"speakers": "yes", "words": true}}}',
    '{"limits": {"max_line_length": 9, "min_gap_seconds": "0", "max_line_count": null}}',
  ];
  for (const stored of broken) {
    const read = parseSettings(stored);
    for (const format of exportFormats) {
      expect(toQuery({ ...read, format }, 0)).toEqual(toQuery({ ...usualSettings, format }, 0));
    }
    expect(read.format).toBe("txt");
  }
});

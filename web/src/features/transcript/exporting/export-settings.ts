import type { ExportTranscriptData } from "@/api/generated";
import { type Limits, type LimitName, readLimits, usualLimits } from "./subtitle-limits";

export type ExportQuery = NonNullable<ExportTranscriptData["query"]>;
export type ExportFormat = NonNullable<ExportQuery["format"]>;
export type Part = "speakers" | "timestamps" | "words" | "confidence";
type Parts = Partial<Record<Part, boolean>>;

/** What can be chosen for each format, and whether it is shown unless chosen otherwise. */
const usualParts: Record<ExportFormat, Parts> = {
  txt: { speakers: false, timestamps: false },
  docx: { speakers: true, timestamps: true, confidence: false },
  pdf: { speakers: true, timestamps: true, confidence: false },
  srt: { speakers: false },
  vtt: { speakers: false },
  csv: { speakers: true, words: false, confidence: false },
  tsv: { speakers: false, words: false, confidence: false },
  json: { speakers: true, words: true, confidence: true },
};

/** In the order in which they are offered. */
export const exportFormats = Object.keys(usualParts) as ExportFormat[];

export interface ExportSettings {
  format: ExportFormat;
  /** What was chosen for each format; what is missing is as usual. */
  parts: Partial<Record<ExportFormat, Parts>>;
  limits: Limits;
}

export const usualSettings: ExportSettings = { format: "txt", parts: {}, limits: usualLimits };

export function isSubtitle(format: ExportFormat): format is "srt" | "vtt" {
  return format === "srt" || format === "vtt";
}

/** Made whole by the service before the first byte is sent, and refused if it cannot be. */
export function isDocument(format: ExportFormat): format is "docx" | "pdf" {
  return format === "docx" || format === "pdf";
}

/** What the chosen format can show, and whether it shall. */
export function choosableParts({ format, parts }: ExportSettings): [Part, boolean][] {
  return (Object.entries(usualParts[format]) as [Part, boolean][]).map(([part, usual]) => [
    part,
    parts[format]?.[part] ?? usual,
  ]);
}

export function choosePart(settings: ExportSettings, part: Part, isShown: boolean): ExportSettings {
  const chosen = { ...settings.parts[settings.format], [part]: isShown };
  return { ...settings, parts: { ...settings.parts, [settings.format]: chosen } };
}

/** The request for a file; what is as usual is left to the service. */
export function toQuery(settings: ExportSettings, revision: number): ExportQuery {
  const { format, limits } = settings;
  const query: ExportQuery = { format, revision, ...Object.fromEntries(choosableParts(settings)) };
  if (!isSubtitle(format)) return query;
  for (const name of Object.keys(limits) as LimitName[]) {
    if (limits[name] !== usualLimits[name]) query[name] = limits[name];
  }
  return query;
}

/** The settings of the last time; what this release does not know is as usual. */
export function parseSettings(stored: string | null): ExportSettings {
  const { format, parts, limits } = parseObject(stored);
  return {
    format: exportFormats.find((each) => each === format) ?? usualSettings.format,
    parts: Object.fromEntries(
      exportFormats.map((each) => [each, readParts(each, asObject(asObject(parts)[each]))]),
    ),
    limits: readLimits(asObject(limits)),
  };
}

function readParts(format: ExportFormat, stored: Record<string, unknown>): Parts {
  const known = Object.keys(usualParts[format]).filter((part) => typeof stored[part] === "boolean");
  return Object.fromEntries(known.map((part) => [part, stored[part]]));
}

function parseObject(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  try {
    return asObject(JSON.parse(text));
  } catch {
    // Written by hand or cut short: the settings are as usual then.
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** One subtitle of a file, with its time in seconds. */
export interface Cue {
  start: number;
  end: number;
  /** As a player shows them: without marks for voices, with the characters that references stand for. */
  lines: string[];
}

const TIMES = /^(\d+):(\d\d):(\d\d)[,.](\d{3}) --> (\d+):(\d\d):(\d\d)[,.](\d{3})$/;
const references: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&amp;": "&" };

/** The cues of an SRT or WebVTT file of the service's; a last one that was cut off is left out. */
export function parseCues(text: string, isWhole: boolean): Cue[] {
  const isVtt = text.startsWith("WEBVTT");
  const blocks = text.split("\n\n");
  // What follows the last empty line is nothing, or a cue that did not arrive whole.
  const whole = isWhole ? blocks : blocks.slice(0, -1);
  return whole.flatMap((block) => {
    const lines = block.split("\n");
    const place = lines.findIndex((line) => TIMES.test(line));
    const times = TIMES.exec(lines[place] ?? "")
      ?.slice(1)
      .map(Number);
    if (!times) return [];
    const shown = lines.slice(place + 1).filter((line) => line !== "");
    return [
      {
        start: toSeconds(times.slice(0, 4)),
        end: toSeconds(times.slice(4)),
        lines: isVtt ? shown.map(readPayload) : shown,
      },
    ];
  });
}

/** How fast it has to be read, in characters a second. */
export function readingSpeed({ start, end, lines }: Cue): number {
  const characters = lines.reduce((sum, line) => sum + Array.from(line).length, 0);
  return characters / (end - start);
}

function toSeconds([hours = 0, minutes = 0, seconds = 0, milliseconds = 0]: number[]): number {
  return hours * 3600 + minutes * 60 + seconds + milliseconds / 1000;
}

function readPayload(line: string): string {
  return line
    .replace(/<\/?v[^>]*>/g, "")
    .replace(/&(?:lt|gt|amp);/g, (reference) => references[reference] ?? reference);
}

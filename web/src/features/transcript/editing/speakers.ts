import type { Row } from "./lines";

/** So many colours there are; further speakers begin again, as the name tells them apart. */
const COLOURS = 8;

/** Who speaks, in the order of first words. */
export function listSpeakers(rows: readonly Row[]): string[] {
  const speakers = new Set<string>();
  for (const row of rows) if (row && row.speaker !== null) speakers.add(row.speaker);
  return [...speakers];
}

export function colourOf(speaker: string, speakers: readonly string[]): number {
  return Math.max(0, speakers.indexOf(speaker)) % COLOURS;
}

import type { HighlightRead } from "@/api/generated";

export interface Piece {
  text: string;
  isMatch: boolean;
}

/** A text cut at its highlights, which count characters as Unicode does. */
export function splitHighlights(text: string, highlights: readonly HighlightRead[]): Piece[] {
  const characters = Array.from(text);
  const pieces: Piece[] = [];
  let place = 0;
  const cut = (end: number, isMatch: boolean) => {
    if (end > place) pieces.push({ text: characters.slice(place, end).join(""), isMatch });
    place = Math.max(place, end);
  };
  for (const { offset, length } of highlights) {
    cut(offset, false);
    cut(offset + length, true);
  }
  cut(characters.length, false);
  return pieces;
}

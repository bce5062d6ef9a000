import type { TimeListener } from "../player/player";
import { findRowNear, findWord } from "../segments/find-row";
import type { SegmentStore } from "../segments/segment-store";

/** After its end a word stays marked so long: speech has no gaps that a reader would follow. */
const LINGER_SECONDS = 0.3;

interface Place {
  row: number;
  segment: number;
  word: number;
}

const NOWHERE: Place = { row: -1, segment: -1, word: -1 };

/**
 * Marks the row and the word that are played, on the elements themselves: React renders nothing for
 * it.  `refresh` marks again what was rendered since.
 */
export class CurrentWord {
  #place = NOWHERE;
  #marked: Element[] = [];

  constructor(
    private readonly root: HTMLElement,
    private readonly segments: SegmentStore,
    private readonly onRow: (row: number) => void,
  ) {}

  readonly follow: TimeListener = (seconds) => {
    const place = this.#find(seconds);
    const { row, segment, word } = this.#place;
    if (place.row === row && place.segment === segment && place.word === word) return;
    this.#place = place;
    this.refresh();
    if (place.row !== row && place.row !== -1) this.onRow(place.row);
  };

  readonly refresh = (): void => {
    for (const element of this.#marked) {
      element.removeAttribute("data-current");
      if (element.getAttribute("role") === "listitem") element.removeAttribute("aria-current");
    }
    this.#marked = [];
    const { segment, word } = this.#place;
    const row = this.root.querySelector(`[data-segment="${segment}"]`);
    if (!row) return;
    row.setAttribute("aria-current", "true");
    this.#mark(row);
    const spoken = row.querySelector(`[data-word="${word}"]`);
    if (spoken) this.#mark(spoken);
  };

  #mark(element: Element): void {
    element.setAttribute("data-current", "true");
    this.#marked.push(element);
  }

  #find(seconds: number): Place {
    const { rows } = this.segments.getSnapshot();
    const row = findRowNear(rows, seconds, this.#place.row);
    const segment = rows[row];
    if (!segment) return NOWHERE;
    const word = findWord(segment.words, seconds);
    const end = segment.words[word]?.end ?? -Infinity;
    const isSpoken = seconds < end + LINGER_SECONDS;
    return { row, segment: segment.index, word: isSpoken ? word : -1 };
  }
}

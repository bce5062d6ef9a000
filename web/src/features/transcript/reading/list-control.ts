/*
 * Moves the text from outside of it: a search hit, the review queue, the address's `at`.  What is
 * asked for before the list is there is done once it is.
 */

export interface Showing {
  /** A short mark on the row, to find it with the eyes. */
  hasFlash?: boolean;
  /** Gives the row the keyboard's focus. */
  hasFocus?: boolean;
  /** As the text follows what is played: smoothly, and not while the row is in view anyway. */
  isSmooth?: boolean;
}

type Show = (row: number, how: Showing) => void;

export class ListControl {
  #show: Show | undefined;
  #waiting: [number, Showing] | undefined;

  readonly attach = (show: Show): (() => void) => {
    this.#show = show;
    if (this.#waiting) show(...this.#waiting);
    this.#waiting = undefined;
    return () => {
      this.#show = undefined;
    };
  };

  /** Brings a row into view. */
  readonly show = (row: number, how: Showing = {}): void => {
    if (this.#show) this.#show(row, how);
    else this.#waiting = [row, how];
  };
}

import { appendEntry, type Entry } from "./entries";

/** What one act of the user did, to be taken back as one. */
export interface Act {
  change: number;
  entries: readonly Entry[];
}

const MAX_ACTS = 500;

/** The acts that can be taken back, and those that were. */
export class Acts {
  #done: readonly Act[] = [];
  #undone: readonly Act[] = [];

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Remembers what was done; several with the same change are one act. */
  add(change: number, entries: readonly Entry[]): void {
    const last = this.#done.at(-1);
    const isSame = last?.change === change;
    const others = isSame ? this.#done.slice(0, -1) : this.#done;
    let all: readonly Entry[] = isSame ? last.entries : [];
    for (const entry of entries) all = appendEntry(all, entry);
    this.#done = [...others, { change, entries: all }].slice(-MAX_ACTS);
    this.#undone = [];
  }

  takeUndo(): Act | undefined {
    const act = this.#done.at(-1);
    this.#done = this.#done.slice(0, -1);
    return act;
  }

  takeRedo(): Act | undefined {
    const act = this.#undone.at(-1);
    this.#undone = this.#undone.slice(0, -1);
    return act;
  }

  keepUndone(act: Act): void {
    this.#undone = [...this.#undone, act];
  }

  keepRedone(act: Act): void {
    this.#done = [...this.#done, act];
  }

  forget(): void {
    this.#done = this.#undone = [];
  }
}

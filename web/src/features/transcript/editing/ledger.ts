import type { EditResult } from "@/api/generated";
import type { Act } from "./acts";
import { learnIndexes, takeBatch } from "./batches";
import { appendEntry, type Entry, listOriginals, namesOf, replay } from "./entries";
import type { Line, Row } from "./lines";
import { Names } from "./names";
import { type ForeignChange, rebase } from "./rebase";
import type { Clash } from "./settle";

/** A clash that waits for a choice. */
export interface OpenClash extends Clash {
  id: number;
}

/** What outlives the page: everything that the service has not got. */
export interface KeptLedger {
  revision: number;
  entries: Entry[];
  inDoubt: number;
  names: [number, number | null][];
  clashes: OpenClash[];
}

/** The operations that the service has not done yet, and the revision that they are made for. */
export class Ledger {
  revision = 0;
  entries: readonly Entry[] = [];
  clashes: readonly OpenClash[] = [];
  readonly names = new Names();
  /** So many of the first are on their way. */
  #sent = 0;
  #inDoubt = 0;
  #lastClash = 0;

  /** `readRows` gives the segments of the revision, as far as they are here, by their names. */
  constructor(private readonly readRows: () => readonly Row[]) {}

  get isEmpty(): boolean {
    return this.entries.length === 0 && this.clashes.length === 0;
  }

  append(entry: Entry): void {
    this.entries = appendEntry(this.entries, entry, this.#fixed);
  }

  /** Takes an act back if it is the last, and nothing of it was sent. */
  takeBack({ change, entries }: Act): boolean {
    const place = this.entries.length - entries.length;
    const tail = this.entries.slice(Math.max(0, place));
    const originals = listOriginals(entries);
    const isWhole =
      place >= this.#fixed &&
      tail.every((entry) => entry.change === change) &&
      [...listOriginals(tail)].every(([name, line]) => line.text === originals.get(name)?.text);
    if (isWhole) this.entries = this.entries.slice(0, place);
    return isWhole;
  }

  /** The operations to send now. */
  begin(): ReturnType<typeof takeBatch> {
    const batch = takeBatch(this.entries, this.names);
    this.#sent = batch.length;
    return batch;
  }

  /** The service did what was sent; false when its answer is not understood. */
  accept(answer: EditResult): boolean {
    const sent = this.entries.slice(0, this.#sent);
    const isUnderstood = learnIndexes(this.readRows(), sent, answer, this.names);
    this.entries = this.entries.slice(this.#sent);
    this.#sent = this.#inDoubt = 0;
    this.revision = answer.revision;
    return isUnderstood;
  }

  /** Nothing was done of what was sent; or nobody knows, where the answer was lost. */
  refuse(isDoubtful: boolean): void {
    if (isDoubtful) this.#inDoubt = Math.max(this.#inDoubt, this.#sent);
    this.#sent = 0;
  }

  /** Moves what waits onto a revision of another editor; true when there was something to move. */
  rebase(foreign: ForeignChange, revision: number): boolean {
    const pending = { entries: this.entries, inDoubt: this.#inDoubt };
    const { entries, clashes } = rebase(pending, foreign, this.names);
    this.entries = entries;
    for (const clash of clashes) {
      this.#lastClash += 1;
      this.clashes = [...this.clashes, { ...clash, id: this.#lastClash }];
    }
    this.#inDoubt = 0;
    this.revision = revision;
    return pending.entries.length > 0;
  }

  settle(id: number): void {
    this.clashes = this.clashes.filter((clash) => clash.id !== id);
  }

  /** Leaves an operation out, with all that is built on it; everything where none is named. */
  discard(place: number | undefined): void {
    const base = this.names.sort([...listOriginals(this.entries).values()]);
    const refused = this.entries[place ?? -1];
    const lost = new Set(refused && isStructural(refused) ? namesOf(refused) : []);
    const others = this.entries.filter(
      (entry, at) =>
        refused !== undefined &&
        entry !== refused &&
        (at < (place ?? 0) || !namesOf(entry).some((name) => lost.has(name))),
    );
    this.entries = replay(base, others).entries;
    this.#inDoubt = 0;
  }

  write(): KeptLedger {
    return {
      revision: this.revision,
      inDoubt: this.#fixed,
      names: this.names.write(),
      entries: this.entries.map((entry) => ({
        ...entry,
        before: lighten(entry.before),
        after: lighten(entry.after),
      })),
      clashes: this.clashes.map(({ id, base, mine, theirs }) => ({
        id,
        base: lighten(base),
        mine: lighten(mine),
        theirs: lighten(theirs),
      })),
    };
  }

  read(kept: KeptLedger): void {
    this.names.read(kept.names);
    this.revision = kept.revision;
    this.entries = kept.entries;
    this.clashes = kept.clashes;
    this.#inDoubt = kept.inDoubt;
    this.#lastClash = Math.max(0, ...kept.clashes.map(({ id }) => id));
    this.names.reserve(kept.entries.flatMap(namesOf));
  }

  get #fixed(): number {
    return Math.max(this.#sent, this.#inDoubt);
  }
}

/** Times of single words are many, and the service has them. */
function lighten(lines: readonly Line[]): Line[] {
  return lines.map((line) => ({ ...line, words: [] }));
}

function isStructural({ before, after }: Entry): boolean {
  return before.length !== 1 || after.length !== 1;
}

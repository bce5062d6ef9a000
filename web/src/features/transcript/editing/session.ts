import type { EditResult } from "@/api/generated";
import { Observable } from "@/lib/observable";
import type { SegmentStore } from "../segments/segment-store";
import { Acts } from "./acts";
import { MAX_OPERATIONS } from "./batches";
import { type Entry, replay } from "./entries";
import { type KeptLedger, Ledger, type OpenClash } from "./ledger";
import { findLine, type Line, type Row } from "./lines";
import type { Operation } from "./operations";
import type { ForeignChange } from "./rebase";
import { Saver } from "./saver";
import type { EditService } from "./service";
import { type Choice, replaceLines, settleClash } from "./settle";
import { invertEntries, isAsFound, isAsLeft } from "./undo";

/*
 * The corrections of one transcript on this page.  Whatever is done shows at once, waits in the
 * ledger and is sent by the saver; the store shows the service's segments with the ledger's
 * operations done on them.  `saver.flush` before any other write to the transcript.
 */

/** Something that the user should hear of once. */
type Notice = "moved" | "elsewhere" | "impossible" | "recovered" | "notRenamed";

interface EditState {
  canUndo: boolean;
  canRedo: boolean;
  clashes: readonly OpenClash[];
  notice: Notice | undefined;
}

const REFRESH_MS = 5_000;
const QUIET: EditState = { canUndo: false, canRedo: false, clashes: [], notice: undefined };

export class EditSession {
  readonly state = new Observable<EditState>(QUIET);
  readonly saver: Saver;
  /** The newest revision that this page made. */
  readonly made = new Observable(0);
  /** Another number whenever what waits is another than before. */
  readonly changes = new Observable(0);
  readonly #ledger: Ledger;
  readonly #acts = new Acts();
  #lastChange = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: SegmentStore,
    service: EditService,
  ) {
    this.#ledger = new Ledger(() => this.#ledger.names.adopt(store.getBase().rows));
    this.saver = new Saver(this.#ledger, service, {
      onSaved: this.#takeAnswer,
      onForeign: this.#takeForeign,
      onDiscarded: () => {
        this.#acts.forget();
        this.#show();
      },
    });
  }

  /** Shows corrections in the store's rows; the returned function ends it. */
  readonly start = (): (() => void) => {
    this.store.cover(this.#cover);
    this.saver.start();
    const leave = this.store.subscribe(this.#follow);
    this.#follow();
    return () => {
      leave();
      this.store.cover(undefined);
      this.saver.stop();
      clearTimeout(this.#timer);
    };
  };

  /** Goes on with what an earlier page could not save; only while nothing waits here. */
  readonly recover = (kept: KeptLedger): void => {
    this.#ledger.read(kept);
    this.#lastChange = Math.max(this.#lastChange, ...kept.entries.map((each) => each.change));
    this.#show({ notice: "recovered" });
    this.saver.touch();
    this.#follow();
  };

  /** What the service has not got; undefined when it has everything. */
  readonly write = (): KeptLedger | undefined =>
    this.#ledger.isEmpty ? undefined : this.#ledger.write();

  /** A number for operations that shall be taken back as one. */
  readonly startChange = (): number => {
    this.#lastChange += 1;
    return this.#lastChange;
  };

  readonly makeName = (): number => this.#ledger.names.make();

  /** The page's name for a segment of the service. */
  readonly nameOf = (index: number): number => this.#ledger.names.nameOf(index);

  /** Undefined for a segment that the service does not have yet. */
  readonly indexOf = (name: number): number | undefined => this.#ledger.names.indexOf(name);

  readonly find = (name: number | undefined): Line | undefined =>
    name === undefined ? undefined : findLine(this.#rows, name);

  /** Does operations, all of them or none. */
  readonly perform = (operations: readonly Operation[], change = this.startChange()): boolean => {
    const entries = this.#do(operations, change);
    if (!entries) {
      this.#show({ notice: "impossible" });
      return false;
    }
    if (entries.length > 0) this.#acts.add(change, entries);
    this.#show();
    return true;
  };

  readonly undo = (): void => {
    const act = this.#acts.takeUndo();
    if (!act) return;
    const isSafe = isAsLeft(this.#rows, act.entries);
    const isUndone =
      isSafe &&
      (this.#ledger.takeBack(act) ||
        this.#do(invertEntries(this.#rows, act.entries), this.startChange()));
    if (isUndone) this.#acts.keepUndone(act);
    this.#show(isUndone ? {} : { notice: "elsewhere" });
  };

  readonly redo = (): void => {
    const act = this.#acts.takeRedo();
    if (!act) return;
    const change = this.startChange();
    const operations = act.entries.map((entry) => entry.operation);
    const entries = isAsFound(this.#rows, act.entries) && this.#do(operations, change);
    if (entries) this.#acts.keepRedone({ change, entries });
    this.#show(entries ? {} : { notice: "elsewhere" });
  };

  /** Gives every segment of one speaker another name. */
  readonly renameSpeaker = async (speaker: string | null, name: string | null): Promise<void> => {
    const { rows, loaded } = this.store.getSnapshot();
    const spoken = rows.filter((row) => row?.speaker === speaker);
    // So few are operations as all others, to be taken back as those.
    if (loaded >= this.store.getBase().rows.length && spoken.length <= MAX_OPERATIONS) {
      this.perform(
        spoken.flatMap((row) =>
          row ? [{ op: "set_speaker", segment: row.index, speaker: name }] : [],
        ),
      );
    } else if (!(await this.saver.rename(speaker, name))) {
      this.#show({ notice: "notRenamed" });
    }
  };

  /** Ends a clash as somebody chose. */
  readonly settle = (clash: OpenClash, choice: Choice): void => {
    const there = clash.theirs.flatMap(({ index }) => this.find(index) ?? []);
    const operations = settleClash(clash, there, choice, this.makeName);
    const change = this.startChange();
    const entries =
      this.#do(operations, change) ??
      this.#do(replaceLines(there, clash.mine, this.makeName), change);
    if (entries) {
      this.#acts.add(change, entries);
      this.#ledger.settle(clash.id);
    }
    this.#show(entries ? {} : { notice: "impossible" });
  };

  readonly dismissNotice = (): void => {
    this.#show({ notice: undefined });
  };

  get #rows(): readonly Row[] {
    return this.store.getSnapshot().rows;
  }

  /** `#show` lets it be seen. */
  #do(operations: readonly Operation[], change: number): Entry[] | undefined {
    const asked = operations.map((operation) => ({ operation, change, before: [], after: [] }));
    const { entries, failed } = replay(this.#rows, asked);
    if (failed.length > 0) return undefined;
    for (const entry of entries) this.#ledger.append(entry);
    return entries;
  }

  /** What is read: the segments of the service, corrected. */
  readonly #cover = (rows: readonly Row[], revision: number | undefined): readonly Row[] => {
    const named = this.#ledger.names.adopt(rows);
    // Between two revisions the operations fit neither.
    if (revision !== this.#ledger.revision) return named;
    return replay(named, this.#ledger.entries).rows;
  };

  readonly #takeAnswer = (answer: EditResult, isUnderstood: boolean): void => {
    const isNew = answer.revision !== this.store.getBase().revision;
    if (!isUnderstood) this.#refresh(() => this.store.reload(answer.revision));
    else if (isNew) this.#refresh(() => this.store.apply(answer));
    this.#show();
    this.made.set(answer.revision);
  };

  readonly #takeForeign = (change: ForeignChange, since: number, hasMoved: boolean): void => {
    const { revision } = this.#ledger;
    const { gone: removed, added } = change;
    if (this.store.getBase().revision !== revision) {
      this.#refresh(() => this.store.apply({ since, revision, removed, added }));
    }
    // Where there is a choice to make, the question itself tells.
    this.#show(hasMoved && this.#ledger.clashes.length === 0 ? { notice: "moved" } : {});
  };

  /** What is shown is only older until it succeeds. */
  #refresh(read: () => Promise<void>): void {
    read().catch(() => {
      this.#timer = setTimeout(() => {
        this.#refresh(() => this.store.reload());
      }, REFRESH_MS);
    });
  }

  /** The store may be at another revision: it was just opened, or something else wrote. */
  readonly #follow = (): void => {
    const { revision } = this.store.getBase();
    if (revision === undefined || revision <= this.#ledger.revision) return;
    if (this.#ledger.isEmpty) this.#ledger.revision = revision;
    else void this.saver.hear(revision);
  };

  #show(change: Partial<EditState> = {}): void {
    this.store.cover(this.#cover);
    const { canUndo, canRedo } = this.#acts;
    const { clashes } = this.#ledger;
    const before = this.state.get();
    const state = { ...before, ...change, canUndo, canRedo, clashes };
    const keys = Object.keys(state) as (keyof EditState)[];
    if (keys.some((key) => state[key] !== before[key])) this.state.set(state);
    this.saver.touch();
    this.changes.set(this.changes.get() + 1);
  }
}

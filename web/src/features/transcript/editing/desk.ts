import { Observable } from "@/lib/observable";
import type { Player } from "../player/player";
import type { ListControl } from "../reading/list-control";
import type { SegmentStore } from "../segments/segment-store";
import { countCharacters, type Line, type Row, tidyText } from "./lines";
import { readMarked } from "./marked";
import { planSplit } from "./operations";
import type { EditSession } from "./session";
import { listSpeakers } from "./speakers";

/** The segment whose text is open, and where the caret begins; at the end where nothing is said. */
export interface OpenPlace {
  name: number;
  caret?: number | undefined;
}

/** A question about a segment that is asked in a dialog. */
interface OpenQuestion {
  kind: "times" | "speaker" | "insert";
  /** Undefined where there is no segment yet. */
  name: number | undefined;
  /** More segments that are marked on the page. */
  marked: readonly number[];
}

export type SpeakerScope = "one" | "turn" | "marked" | "all";

interface Screen {
  segments: SegmentStore;
  list: ListControl;
  player: Player;
}

/** What is open for correction, and what can be done with it. */
export class EditDesk {
  readonly place = new Observable<OpenPlace | undefined>(undefined);
  /** Whether the question which of two versions shall stay is shown, if there is one. */
  readonly clashes = new Observable(true);
  /** Who speaks, in the order of first words. */
  readonly speakers = new Observable<readonly string[]>([]);
  readonly question = new Observable<OpenQuestion | undefined>(undefined);

  #marked: readonly number[] = [];

  constructor(
    readonly session: EditSession,
    private readonly screen: Screen,
  ) {}

  readonly open = (name: number, caret?: number): void => {
    this.place.set({ name, caret });
    this.screen.list.show(this.#rowOf(name));
  };

  /** Closes the text; its row has the focus then. */
  readonly leave = (): void => {
    const name = this.place.get()?.name;
    this.place.set(undefined);
    if (name !== undefined) this.#focus(this.#rowOf(name));
  };

  /** Opens the next text, or the one before. */
  readonly move = (step: 1 | -1): void => {
    const name = this.place.get()?.name;
    if (name === undefined) return;
    const next = this.#rows[this.#rowOf(name) + step];
    if (next) this.open(next.index);
    else this.leave();
  };

  /** Remembers what is marked on the page: a menu that opens may end it. */
  readonly remember = (): void => {
    this.#marked = readMarked();
  };

  readonly ask = (kind: OpenQuestion["kind"], name: number | undefined): void => {
    this.question.set({ kind, name, marked: this.#marked });
    this.#marked = [];
  };

  readonly dismiss = (): void => {
    this.question.set(undefined);
  };

  /** Makes two of one, before a place in what is written now; the second one is open then. */
  readonly split = (name: number, draft: string, caret: number): boolean => {
    const left = tidyText(draft.slice(0, caret));
    const made = this.session.makeName();
    const split = planSplit(this.#rows, name, countCharacters(left), made);
    const isWritten = tidyText(draft) === this.session.find(name)?.text;
    const write = { op: "set_text", segment: name, text: tidyText(draft) } as const;
    const isDone = this.session.perform(isWritten ? [split] : [write, split]);
    if (isDone) this.open(made, 0);
    return isDone;
  };

  /** Makes one of a segment and its neighbour; the caret stands where they meet. */
  readonly merge = (name: number, step: 1 | -1): void => {
    const row = this.#rowOf(name) + Math.min(step, 0);
    const [first, second] = [this.#rows[row], this.#rows[row + 1]];
    if (!first || !second) return;
    const operation = { op: "merge", segment: first.index, following: second.index } as const;
    if (!this.session.perform([operation])) return;
    if (this.place.get()) this.open(first.index, first.text.length);
  };

  readonly remove = (name: number): void => {
    const row = this.#rowOf(name);
    const isOpen = this.place.get()?.name === name;
    if (!this.session.perform([{ op: "delete", segment: name }])) return;
    if (isOpen) this.place.set(undefined);
    this.#focus(Math.max(0, Math.min(row, this.#rows.length - 1)));
  };

  /** Deletes a segment of which nothing is left; the focus is elsewhere already. */
  readonly drop = (name: number): void => {
    if (this.session.find(name)) this.session.perform([{ op: "delete", segment: name }]);
  };

  readonly hasNeighbour = (name: number, step: 1 | -1): boolean =>
    this.#rows[this.#rowOf(name) + step] !== undefined;

  /** The segments before and behind it. */
  readonly neighboursOf = (name: number): [Row, Row] => {
    const row = this.#rowOf(name);
    return [this.#rows[row - 1], this.#rows[row + 1]];
  };

  readonly show = (name: number): void => {
    this.#focus(this.#rowOf(name));
  };

  /** Names who says a segment, and others with it. */
  readonly nameSpeaker = async (
    { index, speaker }: Line,
    name: string | null,
    scope: SpeakerScope,
    marked: readonly number[],
  ): Promise<void> => {
    if (scope === "all") {
      await this.session.renameSpeaker(speaker, name);
      return;
    }
    const turn = this.listTurn(index).map((line) => line.index);
    const names = { one: [index], turn, marked }[scope];
    this.session.perform(names.map((segment) => ({ op: "set_speaker", segment, speaker: name })));
  };

  /** Keeps `speakers` true while the screen is there. */
  readonly start = (): (() => void) => {
    const look = () => {
      const found = listSpeakers(this.#rows);
      if (found.join("\n") !== this.speakers.get().join("\n")) this.speakers.set(found);
    };
    look();
    return this.screen.segments.subscribe(look);
  };

  /** The segments around this one that the same speaker says in a row. */
  readonly listTurn = (name: number): Line[] => {
    const row = this.#rowOf(name);
    const speaker = this.#rows[row]?.speaker;
    const isSame = (at: number) => this.#rows[at] && this.#rows[at].speaker === speaker;
    let [first, last] = [row, row];
    while (isSame(first - 1)) first -= 1;
    while (isSame(last + 1)) last += 1;
    return this.#rows.slice(first, last + 1).flatMap((line) => line ?? []);
  };

  get #rows() {
    return this.screen.segments.getSnapshot().rows;
  }

  #rowOf(name: number): number {
    return this.#rows.findIndex((line) => line?.index === name);
  }

  #focus(row: number): void {
    if (row < 0) return;
    // The rows are drawn anew first: at this place another one may still stand.
    requestAnimationFrame(() => {
      this.screen.list.show(row, { hasFocus: true });
    });
  }
}

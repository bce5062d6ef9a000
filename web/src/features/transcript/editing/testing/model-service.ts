import type { EditResult, SegmentRead, TranscriptEdit } from "@/api/generated";
import { ProblemError } from "@/api/problem";
import { groupByTime } from "../stretches";
import type { Bounds, EditService } from "../service";

type WireOperation = TranscriptEdit["operations"][number];

interface Draft {
  index: number | undefined;
  content: SegmentRead;
}

/**
 * The service's rules for edits, in small: revisions whose segments have indexes that are never used
 * again.  Written after the service, not after the page, so that each checks the other.
 */
export class ModelService implements EditService {
  readonly revisions: SegmentRead[][] = [];
  /** The next so many edits are done, and their answers are lost. */
  lost = 0;
  /** The next so many requests do not arrive. */
  unreachable = 0;
  edits = 0;
  #nextIndex: number;

  constructor(segments: readonly SegmentRead[]) {
    this.revisions.push([...segments]);
    this.#nextIndex = Math.max(-1, ...segments.map((each) => each.index)) + 1;
  }

  get newest(): number {
    return this.revisions.length - 1;
  }

  get segments(): SegmentRead[] {
    return this.revisions[this.newest] ?? [];
  }

  get texts(): string[] {
    return this.segments.map((each) => each.text);
  }

  readonly edit: EditService["edit"] = async (revision, operations) => {
    await this.#arrive();
    if (operations.length === 0 || operations.length > 500) throw refusal("bad_request");
    if (revision !== this.newest) throw conflict(this.newest);
    this.edits += 1;
    const answer = this.#write(operations);
    if (this.lost > 0) {
      this.lost -= 1;
      throw new ProblemError(0, "unreachable", "");
    }
    return answer;
  };

  readonly rename: EditService["rename"] = async (revision, speaker, name) => {
    await this.#arrive();
    if (revision !== this.newest) throw conflict(this.newest);
    this.#write(
      this.segments
        .filter((each) => each.speaker === speaker)
        .map(({ index }) => ({ op: "set_speaker", segment: index, speaker: name })),
    );
    return this.newest;
  };

  readonly readNewest: EditService["readNewest"] = async () => {
    await this.#arrive();
    return this.newest;
  };

  readonly compare: EditService["compare"] = async (number, against) => {
    await this.#arrive();
    const [after, before] = [this.#at(number), this.#at(against)];
    const not = (other: SegmentRead[]) => (each: SegmentRead) =>
      !other.some(({ index }) => index === each.index);
    return groupByTime(before.filter(not(after)), after.filter(not(before))).map(
      ({ removed, added }): Bounds => ({
        start: Math.min(...[...removed, ...added].map((each) => each.start)),
        end: Math.max(...[...removed, ...added].map((each) => each.end)),
      }),
    );
  };

  readonly readStretch: EditService["readStretch"] = async (revision, { start, end }) => {
    await this.#arrive();
    return this.#at(revision).filter((each) => each.end > start - 0.001 && each.start <= end);
  };

  #at(revision: number): SegmentRead[] {
    return this.revisions[revision] ?? [];
  }

  async #arrive(): Promise<void> {
    await Promise.resolve();
    if (this.unreachable > 0) {
      this.unreachable -= 1;
      throw new ProblemError(0, "unreachable", "");
    }
  }

  #write(operations: readonly WireOperation[]): EditResult {
    const draft = this.segments.map((content): Draft => ({ index: content.index, content }));
    operations.forEach((operation, place) => {
      perform(draft, operation, place);
    });
    draft.forEach(({ content }, place) => {
      const before = draft[place - 1]?.content;
      if (before && content.start < before.start) throw refusal("out_of_order", 0);
    });
    const [kept, added] = [new Set<number>(), [] as SegmentRead[]];
    let [start, highest, isBehindNew] = [-1, -1, false];
    for (const { index, content } of draft) {
      if (content.start !== start) [start, highest, isBehindNew] = [content.start, -1, false];
      const isStored = index !== undefined && this.segments.includes(content);
      if (isBehindNew || !isStored || index <= highest) {
        isBehindNew = true;
        added.push({ ...content, index: this.#nextIndex });
        this.#nextIndex += 1;
      } else {
        highest = index;
        kept.add(index);
      }
    }
    const removed = this.segments.map((each) => each.index).filter((each) => !kept.has(each));
    if (removed.length > 0 || added.length > 0) {
      const stays = this.segments.filter((each) => kept.has(each.index));
      this.revisions.push(
        [...stays, ...added].sort((a, b) => a.start - b.start || a.index - b.index),
      );
    }
    return { revision: this.newest, removed, added };
  }
}

function perform(draft: Draft[], operation: WireOperation, number: number): void {
  if (operation.op === "insert") {
    const { start, end, text, speaker = null } = operation;
    if (start > end) throw refusal("bad_times", number);
    const place = draft.filter(({ content }) => content.start <= start).length;
    const base = { avg_logprob: 0, no_speech_prob: 0, compression_ratio: 1, temperature: 0 };
    const content = { ...base, index: -1, start, end, text, speaker, words: [] };
    draft.splice(place, 0, { index: undefined, content });
    return;
  }
  const place = find(draft, operation.segment, number);
  const line = draft[place];
  if (!line) throw refusal("unknown_segment", number);
  const { content } = line;
  const change = (part: Partial<SegmentRead>) => {
    const isSame = Object.entries(part).every(
      ([key, value]) => Reflect.get(content, key) === value,
    );
    if (!isSame) line.content = { ...content, ...part };
  };
  switch (operation.op) {
    case "set_text":
      change({ text: operation.text });
      return;
    case "set_speaker":
      change({ speaker: operation.speaker });
      return;
    case "set_times": {
      const { start, end } = operation;
      if ((start ?? 0) > (end ?? 0)) throw refusal("bad_times", number);
      change({ start: start ?? content.start, end: end ?? content.end });
      return;
    }
    case "delete":
      draft.splice(place, 1);
      return;
    case "split": {
      const letters = Array.from(content.text);
      const cut = operation.character ?? 0;
      const [left, right] = [letters.slice(0, cut), letters.slice(cut)].map((part) =>
        part.join("").trim(),
      );
      if (!left || !right) throw refusal("bad_split", number);
      const share = cut / letters.length;
      // Not what the page would guess: the service knows the times of words.
      const middle = content.start + (content.end - content.start) * share * 0.9;
      const at = operation.at ?? Math.round(middle * 1000) / 1000;
      change({ end: at, text: left });
      draft.splice(place + 1, 0, {
        index: undefined,
        content: { ...content, start: at, text: right },
      });
      return;
    }
    case "merge": {
      const following = find(draft, operation.following, number);
      const second = draft[following]?.content;
      if (following !== place + 1 || !second) throw refusal("not_neighbours", number);
      draft.splice(following, 1);
      change({
        end: Math.max(content.end, second.end),
        text: `${content.text} ${second.text}`,
        speaker: content.speaker ?? second.speaker,
      });
    }
  }
}

function find(draft: readonly Draft[], index: number, number: number): number {
  const place = draft.findIndex((line) => line.index === index);
  if (place < 0) throw refusal("unknown_segment", number);
  return place;
}

function conflict(revision: number): ProblemError {
  return new ProblemError(409, "revision_conflict", "It was changed.", { revision });
}

function refusal(code: string, operation?: number): ProblemError {
  return new ProblemError(422, code, `It cannot be done: ${code}.`, { operation });
}

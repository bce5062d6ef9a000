import type { DroppedRead } from "@/api/generated";
import { Observable } from "@/lib/observable";
import type { EditDesk } from "../editing/desk";
import { tidyText } from "../editing/lines";
import type { SegmentStore } from "../segments/segment-store";
import { findNext, listItems, type ReviewItem } from "./items";
import type { Reviewed } from "./reviewed";

export const REVIEW_PANEL = "review";

interface Screen {
  segments: SegmentStore;
  dropped: readonly DroppedRead[];
  duration: number;
  goTo: (seconds: number) => Promise<void>;
}

/** Leads through the passages that somebody should look at. */
export class ReviewQueue {
  /** Where the walk is. */
  readonly current = new Observable<ReviewItem | undefined>(undefined);

  constructor(
    readonly reviewed: Reviewed,
    private readonly desk: EditDesk,
    private readonly screen: Screen,
  ) {}

  readonly list = (): ReviewItem[] =>
    listItems(this.screen.segments.getSnapshot().rows, this.screen.dropped);

  /** Goes to the next passage that is not reviewed, or to the one before. */
  readonly move = (step: 1 | -1): void => {
    this.#open(findNext(this.list(), this.reviewed.keys.get(), this.current.get(), step));
  };

  readonly next = (): void => {
    this.move(1);
  };

  readonly previous = (): void => {
    this.move(-1);
  };

  /** It is right as it is, or was left out with reason. */
  readonly accept = (): void => {
    const item = this.current.get();
    if (!item) return;
    this.reviewed.mark(item.key);
    this.next();
  };

  /** Whoever corrects a passage has looked at it. */
  readonly correct = (): void => {
    const item = this.current.get();
    if (item?.kind !== "segment") return;
    this.reviewed.mark(item.key);
    this.desk.open(item.segment.index);
  };

  readonly remove = (): void => {
    const item = this.current.get();
    if (item?.kind !== "segment") return;
    const following = findNext(this.list(), this.reviewed.keys.get(), item, 1);
    this.desk.drop(item.segment.index);
    this.#open(following?.key === item.key ? undefined : following);
  };

  /** Takes a text in that the engine left out. */
  readonly insert = (): void => {
    const item = this.current.get();
    if (item?.kind !== "dropped") return;
    const { session } = this.desk;
    const { start, end, text } = item.dropped;
    const operation = {
      op: "insert",
      start,
      end: Math.min(end, this.screen.duration),
      text: tidyText(text),
      speaker: null,
      made: session.makeName(),
    } as const;
    if (!session.perform([operation])) return;
    this.reviewed.mark(item.key);
    this.next();
  };

  #open(item: ReviewItem | undefined): void {
    this.current.set(item);
    if (item) void this.screen.goTo(item.start);
  }
}

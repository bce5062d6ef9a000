import type { SegmentRead } from "@/api/generated";
import type { Names } from "./names";
import type { ForeignChange } from "./rebase";
import type { Bounds, EditService } from "./service";

/** Above it the whole is read anew, rather than each place by itself. */
const MAX_STRETCHES = 20;

/** What lies between two revisions: which segments went, and which came. */
export async function readForeignChange(
  service: EditService,
  revision: number,
  newest: number,
  names: Names,
): Promise<ForeignChange> {
  const differing = joinBounds(await service.compare(newest, revision));
  const stretches = differing.length > MAX_STRETCHES ? [{ start: 0, end: Infinity }] : differing;
  const removed = new Map<number, SegmentRead>();
  const added = new Map<number, SegmentRead>();
  for (const stretch of stretches) {
    const [before, after] = await Promise.all([
      service.readStretch(revision, stretch),
      service.readStretch(newest, stretch),
    ]);
    const [old, fresh] = [before, after].map((some) => new Set(some.map(({ index }) => index)));
    for (const each of before) if (!fresh?.has(each.index)) removed.set(each.index, each);
    for (const each of after) if (!old?.has(each.index)) added.set(each.index, each);
  }
  return {
    gone: [...removed.keys()],
    removed: names.adopt([...removed.values()]),
    added: [...added.values()],
  };
}

function joinBounds(bounds: readonly Bounds[]): Bounds[] {
  const joined: Bounds[] = [];
  for (const { start, end } of bounds) {
    const last = joined.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else joined.push({ start, end });
  }
  return joined;
}

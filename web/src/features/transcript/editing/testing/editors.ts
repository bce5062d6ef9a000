import { makeSegment } from "@/testing/samples";
import { SegmentStore } from "@/features/transcript/segments/segment-store";
import { isLine, type Line } from "../lines";
import { EditSession } from "../session";
import type { ModelService } from "./model-service";

/** Segments of two seconds, one after the other, each with its text. */
export function makeLines(...texts: string[]): Line[] {
  return texts.map((text, index) =>
    makeSegment({ index, start: index * 2, end: index * 2 + 2, text }),
  );
}

export interface Editor {
  session: EditSession;
  readonly lines: Line[];
  readonly texts: string[];
  stop: () => void;
}

/** A page that edits what the service has. */
export async function openEditor(service: ModelService): Promise<Editor> {
  const store = new SegmentStore(async ({ revision = service.newest, from_seconds, ...query }) => {
    await Promise.resolve();
    const items = service.revisions[revision] ?? [];
    const offset = query.offset ?? items.findIndex((each) => each.end > (from_seconds ?? 0));
    const page = items.slice(offset, offset + query.limit);
    return { items: page, revision, next_after: null, offset, total: items.length };
  });
  const session = new EditSession(store, service);
  const end = session.start();
  store.start();
  await settle(() => store.getSnapshot().loaded === store.getSnapshot().rows.length);
  const readLines = () => store.getSnapshot().rows.filter(isLine);
  return {
    session,
    get lines() {
      return readLines();
    },
    get texts() {
      return readLines().map((line) => line.text);
    },
    stop: () => {
      end();
      store.stop();
    },
  };
}

/** Lets everything that is on its way arrive. */
export async function settle(isDone: () => boolean = () => true): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await Promise.resolve();
  if (!isDone()) throw new Error("It did not come to rest.");
}

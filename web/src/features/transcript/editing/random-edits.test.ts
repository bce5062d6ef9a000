import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { countCharacters } from "./lines";
import { type Operation, planSplit } from "./operations";
import { type Editor, makeLines, openEditor, settle } from "./testing/editors";
import { ModelService } from "./testing/model-service";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The same numbers for the same seed (mulberry32), so that a failure can be repeated. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof createRandom>;

function chooseOperation({ session, lines }: Editor, random: Random): Operation | undefined {
  const place = random(lines.length);
  const line = lines[place];
  if (!line) return undefined;
  const segment = line.index;
  switch (random(7)) {
    case 0:
    case 1:
      return { op: "set_text", segment, text: `${line.text.slice(0, 12)} ${random(1000)}` };
    case 2:
      return { op: "set_speaker", segment, speaker: ["Ann", "Bob", null][random(3)] ?? null };
    case 3: {
      const character = 1 + random(Math.max(1, countCharacters(line.text) - 1));
      return planSplit(lines, segment, character, session.makeName());
    }
    case 4: {
      const following = lines[place + 1];
      return following && { op: "merge", segment, following: following.index };
    }
    case 5:
      return lines.length > 4 ? { op: "delete", segment } : undefined;
    default: {
      const text = `new ${random(1000)}`;
      const start = line.start + random(2000) / 1000;
      const made = session.makeName();
      return { op: "insert", start, end: start + 0.5, text, speaker: null, made };
    }
  }
}

async function act(editor: Editor, service: ModelService, random: Random): Promise<void> {
  const { session } = editor;
  switch (random(12)) {
    case 0:
      session.undo();
      return;
    case 1:
      session.redo();
      return;
    case 2:
      await session.saver.flush();
      return;
    case 3:
      void session.saver.flush();
      return;
    case 4:
      service.unreachable = random(2);
      return;
    case 5:
      service.lost = random(2);
      return;
    case 6: {
      const [clash] = session.state.get().clashes;
      const keep = random(2) === 0 ? "mine" : "theirs";
      if (clash) session.settle(clash, { keep });
      return;
    }
    default: {
      const operation = chooseOperation(editor, random);
      if (operation) session.perform([operation]);
    }
  }
}

async function finish({ session }: Editor): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    const [clash] = session.state.get().clashes;
    if (clash) session.settle(clash, { keep: "mine" });
    if (await session.saver.flush()) return;
    const status = session.saver.status.get();
    if (status.kind !== "refused") continue;
    // The page guesses when a cut is; somebody may have built on a guess that was wrong.
    expect(status.error).toMatchObject({ code: "out_of_order" });
    session.saver.discard();
  }
  throw new Error("It was not saved.");
}

test.each([1, 2, 3])(
  "with %i editors, whatever they do, the pages come to the service's text",
  async (count) => {
    for (let seed = 1; seed <= 150; seed += 1) {
      const random = createRandom(seed * 31 + count);
      const service = new ModelService(
        makeLines("one two three", "four five", "six", "seven eight", "nine ten", "eleven"),
      );
      const editors: Editor[] = [];
      for (let each = 0; each < count; each += 1) editors.push(await openEditor(service));
      for (let step = 0; step < 40; step += 1) {
        const editor = editors[random(count)];
        if (editor) await act(editor, service, random);
      }
      service.unreachable = service.lost = 0;
      for (const editor of editors) await finish(editor);
      for (const editor of editors) {
        await editor.session.saver.hear(service.newest);
        await settle();
        expect([seed, editor.texts]).toEqual([seed, service.texts]);
        expect(new Set(editor.lines.map((line) => line.index)).size).toBe(editor.lines.length);
        editor.stop();
      }
    }
  },
);

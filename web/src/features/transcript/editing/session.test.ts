import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeLines, openEditor, settle } from "./testing/editors";
import { ModelService } from "./testing/model-service";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const setText = (segment: number, text: string) => ({ op: "set_text", segment, text }) as const;

test("what is typed shows at once and is saved as one operation after a rest", async () => {
  const service = new ModelService(makeLines("one", "two"));
  const editor = await openEditor(service);
  const change = editor.session.startChange();
  for (const text of ["t", "tw", "two!"]) editor.session.perform([setText(1, text)], change);
  expect(editor.texts).toEqual(["one", "two!"]);
  expect(editor.session.saver.status.get().kind).toBe("unsaved");
  expect(service.edits).toBe(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(service.texts).toEqual(["one", "two!"]);
  expect([service.edits, service.newest]).toEqual([1, 1]);
  expect(editor.session.saver.status.get().kind).toBe("saved");
  expect(editor.lines[1]?.index).toBe(1);
});

test("a part of a cut segment is corrected before the service knows of it", async () => {
  const service = new ModelService(makeLines("one two", "three"));
  const { session, ...editor } = await openEditor(service);
  const made = session.makeName();
  session.perform([{ op: "split", segment: 0, character: 3, made }]);
  session.perform([setText(made, "TWO")]);
  session.perform([{ op: "set_speaker", segment: made, speaker: "Ann" }]);
  expect(await session.saver.flush()).toBe(true);
  expect(service.texts).toEqual(["one", "TWO", "three"]);
  expect(service.segments[1]?.speaker).toBe("Ann");
  expect(session.find(made)?.text).toBe("TWO");
  expect(service.edits).toBe(2);
  editor.stop();
});

test("undo takes back what is not sent by not sending it", async () => {
  const service = new ModelService(makeLines("one", "two"));
  const { session } = await openEditor(service);
  session.perform([setText(0, "ONE")]);
  session.undo();
  expect(await session.saver.flush()).toBe(true);
  expect([service.edits, service.texts]).toEqual([0, ["one", "two"]]);
  session.redo();
  await session.saver.flush();
  expect(service.texts).toEqual(["ONE", "two"]);
});

test.each([
  { op: "split", segment: 1, character: 3, made: -1 } as const,
  { op: "merge", segment: 0, following: 1 } as const,
  { op: "delete", segment: 1 } as const,
  { op: "insert", start: 3, end: 3.5, text: "um", speaker: null, made: -1 } as const,
  { op: "set_times", segment: 1, start: 2.1, end: 3 } as const,
  { op: "set_speaker", segment: 1, speaker: "Ann" } as const,
])("$op is undone and redone after it was saved", async (operation) => {
  const service = new ModelService(makeLines("one two", "two three", "four"));
  const { session } = await openEditor(service);
  const shown = () =>
    service.segments.map(({ start, end, text, speaker }) => [start, end, text, speaker]);
  const before = shown();
  session.makeName();
  expect(session.perform([operation])).toBe(true);
  await session.saver.flush();
  const after = shown();
  expect(after).not.toEqual(before);
  session.undo();
  expect(await session.saver.flush()).toBe(true);
  expect(shown()).toEqual(before);
  session.redo();
  expect(await session.saver.flush()).toBe(true);
  expect(shown()).toEqual(after);
});

test("typing that was saved half way is undone as a whole", async () => {
  const service = new ModelService(makeLines("one"));
  const { session } = await openEditor(service);
  const change = session.startChange();
  session.perform([setText(0, "one t")], change);
  await session.saver.flush();
  session.perform([setText(0, "one two")], change);
  session.undo();
  await session.saver.flush();
  expect(service.texts).toEqual(["one"]);
});

test("without a connection everything is kept and sent later", async () => {
  const service = new ModelService(makeLines("one", "two"));
  const { session } = await openEditor(service);
  service.unreachable = 2;
  session.perform([setText(0, "ONE")]);
  expect(await session.saver.flush()).toBe(false);
  expect(session.saver.status.get().kind).toBe("waiting");
  session.perform([setText(1, "TWO")]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(service.texts).toEqual(["ONE", "TWO"]);
  expect(session.saver.status.get().kind).toBe("saved");
});

test("an edit whose answer was lost is not done twice", async () => {
  const service = new ModelService(makeLines("one two", "three"));
  const { session, ...editor } = await openEditor(service);
  service.lost = 1;
  const [made, other] = [session.makeName(), session.makeName()];
  session.perform([{ op: "split", segment: 0, character: 3, made }]);
  session.perform([{ op: "insert", start: 9, end: 10, text: "new", speaker: null, made: other }]);
  await session.saver.flush();
  session.perform([setText(made, "TWO")]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(service.texts).toEqual(["one", "TWO", "three", "new"]);
  expect(session.state.get().clashes).toEqual([]);
  editor.stop();
});

test("what is kept goes on in another page, on a newer revision", async () => {
  const service = new ModelService(makeLines("one two", "three"));
  const first = await openEditor(service);
  const made = first.session.makeName();
  first.session.perform([{ op: "split", segment: 0, character: 3, made }]);
  first.session.perform([setText(made, "TWO")]);
  const kept = JSON.parse(JSON.stringify(first.session.write())) as ReturnType<
    typeof first.session.write
  >;
  first.stop();
  const other = await openEditor(service);
  other.session.perform([setText(1, "THREE")]);
  await other.session.saver.flush();
  const second = await openEditor(service);
  if (kept) second.session.recover(kept);
  await settle();
  expect(await second.session.saver.flush()).toBe(true);
  expect(service.texts).toEqual(["one", "TWO", "THREE"]);
  expect(second.session.write()).toBeUndefined();
});

test("an operation that is refused waits for a word, and can be given up", async () => {
  const service = new ModelService(makeLines("one", "two"));
  const { session, ...editor } = await openEditor(service);
  session.perform([{ op: "set_times", segment: 1, start: 5, end: 4 }]);
  session.perform([setText(0, "ONE")]);
  expect(await session.saver.flush()).toBe(false);
  expect(session.saver.status.get()).toMatchObject({ kind: "refused", place: 0 });
  session.saver.discard();
  await session.saver.flush();
  expect(service.texts).toEqual(["ONE", "two"]);
  expect(session.find(1)?.start).toBe(2);
  editor.stop();
});

test("changes of different segments go together", async () => {
  const service = new ModelService(makeLines("one", "two", "three"));
  const [mine, theirs] = [await openEditor(service), await openEditor(service)];
  mine.session.perform([setText(0, "ONE")]);
  theirs.session.perform([setText(2, "THREE")]);
  await theirs.session.saver.flush();
  expect(await mine.session.saver.flush()).toBe(true);
  expect(service.texts).toEqual(["ONE", "two", "THREE"]);
  expect(mine.texts).toEqual(service.texts);
  expect(mine.session.state.get()).toMatchObject({ notice: "moved", clashes: [] });
});

test("a speaker and a text for the same segment go together", async () => {
  const service = new ModelService(makeLines("one", "two"));
  const [mine, theirs] = [await openEditor(service), await openEditor(service)];
  mine.session.perform([{ op: "set_speaker", segment: 0, speaker: "Ann" }]);
  theirs.session.perform([setText(0, "ONE")]);
  await theirs.session.saver.flush();
  expect(await mine.session.saver.flush()).toBe(true);
  expect(service.segments[0]).toMatchObject({ text: "ONE", speaker: "Ann" });
});

test.each([
  [{ keep: "mine" }, "mine"],
  [{ keep: "theirs" }, "theirs"],
  [{ keep: "text", text: "both" }, "both"],
] as const)("two texts for one segment are a choice: %o", async (choice, expected) => {
  const service = new ModelService(makeLines("one", "two"));
  const [mine, theirs] = [await openEditor(service), await openEditor(service)];
  mine.session.perform([setText(0, "mine")]);
  theirs.session.perform([setText(0, "theirs")]);
  await theirs.session.saver.flush();
  expect(await mine.session.saver.flush()).toBe(false);
  const [clash] = mine.session.state.get().clashes;
  expect(clash?.mine.map((line) => line.text)).toEqual(["mine"]);
  expect(clash?.theirs.map((line) => line.text)).toEqual(["theirs"]);
  expect(mine.texts).toEqual(["theirs", "two"]);
  expect(mine.session.write()?.clashes).toHaveLength(1);
  if (clash) mine.session.settle(clash, choice);
  expect(await mine.session.saver.flush()).toBe(true);
  expect(service.texts).toEqual([expected, "two"]);
  expect(mine.lines[0]?.index).toBe(0);
});

test("a segment that somebody else deleted comes back with what was written", async () => {
  const service = new ModelService(makeLines("one", "two"));
  const [mine, theirs] = [await openEditor(service), await openEditor(service)];
  mine.session.perform([setText(0, "mine")]);
  theirs.session.perform([{ op: "delete", segment: 0 }]);
  await theirs.session.saver.flush();
  await mine.session.saver.flush();
  const [clash] = mine.session.state.get().clashes;
  if (clash) mine.session.settle(clash, { keep: "mine" });
  await mine.session.saver.flush();
  expect(service.texts).toEqual(["mine", "two"]);
});

test("undo leaves alone what somebody else changed since", async () => {
  const service = new ModelService(makeLines("one"));
  const [mine, theirs] = [await openEditor(service), await openEditor(service)];
  mine.session.perform([setText(0, "mine")]);
  await mine.session.saver.flush();
  await theirs.session.saver.hear(1);
  theirs.session.perform([setText(0, "theirs")]);
  await theirs.session.saver.flush();
  await mine.session.saver.hear(2);
  mine.session.undo();
  expect(mine.session.state.get().notice).toBe("elsewhere");
  expect(mine.texts).toEqual(["theirs"]);
});

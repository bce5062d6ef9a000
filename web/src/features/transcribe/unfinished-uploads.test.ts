import { beforeEach, expect, test, vi } from "vitest";
import type { UploadRead } from "@/api/generated";
import { defaultChoices } from "@/components/jobs/job-choices";
import { FakeBrowser, type FakeTab } from "./fakes/fake-browser";
import { FakeClock, settle } from "./fakes/fake-clock";
import { FakeService, refusal } from "./fakes/fake-service";
import { ItemList } from "./item-list";
import { Custody } from "./keeping/custody";
import type { KeptUpload } from "./keeping/kept-uploads";
import { Patience } from "./sending/patience";
import { TransferSlots } from "./sending/transfer-slots";
import { UnfinishedUploads } from "./unfinished-uploads";
import { OtherFileError } from "./upload-item";
import { UploadQueue } from "./upload-queue";

const content = "0123456789abcdefghij";
const file = new File([content], "talk.wav", { lastModified: 7 });

let service: FakeService;
let browser: FakeBrowser;

beforeEach(() => {
  service = new FakeService(10);
  browser = new FakeBrowser();
});

/** A tab with the application in it. */
function openPage(tab: FakeTab = browser.openTab()) {
  const clock = new FakeClock();
  const items = new ItemList();
  const custody = new Custody(tab, tab);
  const means = { service, patience: new Patience(clock), slots: new TransferSlots(4) };
  const queue = new UploadQueue(items, custody, means, clock);
  const unfinished = new UnfinishedUploads(items, queue, custody);
  const states = () => items.read().map(({ state }) => state);
  return { items, queue, unfinished, states, tab };
}

function keep(change: Partial<KeptUpload> = {}): KeptUpload {
  const kept: KeptUpload = {
    ...{ id: "k1", userId: "ada", name: file.name, sizeBytes: file.size, lastModified: 7 },
    ...{ choices: defaultChoices, uploadId: "u1", handle: undefined },
    ...{ mustProve: false, isPaused: false },
    ...change,
  };
  browser.kept.set(kept.id, kept);
  return kept;
}

function makeHandle(permission: PermissionState, behind: File = file): FileSystemFileHandle {
  let state = permission;
  return {
    queryPermission: () => Promise.resolve(state),
    requestPermission: () => {
      if (state === "prompt") state = "granted";
      return Promise.resolve(state);
    },
    getFile: () => Promise.resolve(behind),
  } as unknown as FileSystemFileHandle;
}

test("after a reload an upload waits for its file, and only the rest is sent", async () => {
  keep();
  await service.begin("u1", file, [0]);
  const { items, unfinished, states } = openPage();
  await unfinished.open("ada");
  await settle();
  expect(items.read()).toMatchObject([{ state: "unfinished", keptBytes: 10, name: "talk.wav" }]);

  expect(unfinished.takeUp({ file: new File(["?"], "other.wav") })).toBe(false);
  expect(unfinished.takeUp({ file })).toBe(true);
  await settle();
  expect(states()).toEqual(["sent"]);
  expect(service.calls.filter((call) => call.startsWith("chunk"))).toEqual(["chunk 1"]);
  expect(service.readWhole("u1")).toBe(content);
  expect(browser.kept.size).toBe(0);
});

test("with a handle that may be read it goes on by itself", async () => {
  keep({ handle: makeHandle("granted") });
  await service.begin("u1", file, [0]);
  const { unfinished, states } = openPage();
  await unfinished.open("ada");
  await settle();
  expect(states()).toEqual(["sent"]);
});

test("with a handle that needs leave it goes on after a click", async () => {
  keep({ handle: makeHandle("prompt") });
  await service.begin("u1", file, [0]);
  const { unfinished, states } = openPage();
  await unfinished.open("ada");
  await settle();
  expect(states()).toEqual(["unfinished"]);
  await unfinished.continueByHandle("k1");
  await settle();
  expect(states()).toEqual(["sent"]);
});

test("a handle that was refused, or whose file changed, asks for the file", async () => {
  const changed = new File([content], "talk.wav", { lastModified: 8 });
  keep({ handle: makeHandle("prompt", changed) });
  await service.begin("u1", file, [0]);
  const { items, unfinished } = openPage();
  await unfinished.open("ada");
  await settle();
  await unfinished.continueByHandle("k1");
  expect(items.read()).toMatchObject([
    { state: "unfinished", error: { name: "NotReopenedError" } },
  ]);
  expect(items.read()[0]?.handle).toBeUndefined();
});

test("another file is told from the one that was begun, by its size or by its bytes", async () => {
  keep();
  await service.begin("u1", file, [0]);
  const { items, unfinished } = openPage();
  await unfinished.open("ada");
  await settle();
  await unfinished.attach("k1", { file: new File(["short"], "talk.wav") });
  expect(items.read()[0]?.error).toBeInstanceOf(OtherFileError);

  const uppercase = new File(["X".repeat(20)], "talk.wav", { lastModified: 9 });
  await unfinished.attach("k1", { file: uppercase });
  await settle();
  const conflict = { state: "unfinished", error: { code: "chunk_conflict" } };
  expect(items.read()[0]).toMatchObject(conflict);
  // Chosen once more, it is no more believed than before.
  await unfinished.attach("k1", { file: uppercase });
  await settle();
  expect(items.read()[0]).toMatchObject(conflict);
  expect(service.uploads.get("u1")?.chunks.size).toBe(1);
});

test("an upload whose bytes have all arrived needs no file", async () => {
  keep();
  await service.begin("u1", file, [0, 1]);
  const { unfinished, states } = openPage();
  await unfinished.open("ada");
  await settle();
  expect(states()).toEqual(["sent"]);
});

test("a paused upload stays so", async () => {
  keep({ isPaused: true });
  const { unfinished, states } = openPage();
  await unfinished.open("ada");
  await settle();
  expect(states()).toEqual(["paused"]);
  expect(service.calls).toEqual([]);
});

test("an upload that expired says so, and is dropped when nothing of it is left", async () => {
  keep();
  const { items, queue, unfinished, states } = openPage();
  await unfinished.open("ada");
  await settle();
  expect(items.read()).toMatchObject([{ state: "failed", error: { code: "upload_not_found" } }]);
  queue.retry("k1");
  await settle();
  expect(states()).toEqual([]);
  expect(browser.kept.size).toBe(0);
});

test("another account in the same browser sees nothing of it", async () => {
  keep();
  const { unfinished, states } = openPage();
  await unfinished.open("bob");
  await settle();
  expect(states()).toEqual([]);
  expect(service.calls).toEqual([]);
});

test("after another sign-in of the same person the file is still at hand", async () => {
  const { queue, unfinished, states } = openPage();
  await unfinished.open("ada");
  service.fate = () => refusal(401, "unauthenticated");
  queue.add([{ file }]);
  queue.start(defaultChoices);
  await settle();
  unfinished.close();
  expect(states()).toEqual([]);
  await unfinished.open("bob");
  expect(states()).toEqual([]);
  unfinished.close();
  service.fate = () => undefined;
  await unfinished.open("ada");
  await settle();
  expect(states()).toEqual(["sent"]);
});

test("two tabs do not send the same upload, and the other one takes it over", async () => {
  const first = openPage();
  await first.unfinished.open("ada");
  service.fate = () => "hang";
  first.queue.add([{ file }]);
  first.queue.start(defaultChoices);
  await settle();
  const second = openPage();
  await second.unfinished.open("ada");
  await settle();
  expect(second.states()).toEqual(["elsewhere"]);

  first.tab.releaseAll();
  await settle();
  expect(second.states()).toEqual(["unfinished"]);
});

test("what another tab has finished disappears from this one", async () => {
  const first = openPage();
  await first.unfinished.open("ada");
  service.fate = () => "hang";
  first.queue.add([{ file }]);
  first.queue.start(defaultChoices);
  await settle();
  const second = openPage();
  await second.unfinished.open("ada");
  await first.queue.remove(first.items.read()[0]?.id ?? "");
  await settle();
  expect(second.states()).toEqual([]);
});

test("what only the service knows is listed, and continued with proof", async () => {
  await service.begin("u9", file, [0]);
  const { items, unfinished, states } = openPage();
  await unfinished.open("ada");
  await unfinished.adopt([service.show("u9")]);
  expect(items.read()).toMatchObject([{ id: "u9", state: "unfinished", keptBytes: 10 }]);
  expect(unfinished.takeUp({ file })).toBe(true);
  await settle();
  expect(states()).toEqual(["sent"]);
  expect(service.calls.filter((call) => call.startsWith("chunk"))).toEqual(["chunk 0", "chunk 1"]);

  // The list may have been asked for before the end.
  const stale: UploadRead = { ...service.show("u9"), state: "receiving" };
  await unfinished.adopt([stale]);
  expect(states()).toEqual(["sent"]);
});

test("what the service no longer lists is no longer shown; uploads over tus never are", async () => {
  await service.begin("u9", file, [0]);
  const { unfinished, states } = openPage();
  await unfinished.open("ada");
  await unfinished.adopt([service.show("u9"), { ...service.show("u9"), id: "t", protocol: "tus" }]);
  expect(states()).toEqual(["unfinished"]);
  await unfinished.adopt([]);
  expect(states()).toEqual([]);
});

test("a list that came before the visit began is not lost", async () => {
  await service.begin("u9", file, [0]);
  const { unfinished, states } = openPage();
  await unfinished.open("ada");
  unfinished.close();
  await unfinished.adopt([service.show("u9")]);
  expect(states()).toEqual([]);
  await unfinished.open("ada");
  expect(states()).toEqual(["unfinished"]);
});

test("what is discarded goes from the service", async () => {
  await service.begin("u9", file, [0]);
  const { queue, unfinished, states } = openPage();
  await unfinished.open("ada");
  await unfinished.adopt([service.show("u9")]);
  await queue.remove("u9");
  await vi.waitFor(() => {
    expect(states()).toEqual([]);
  });
  expect(service.uploads.get("u9")?.state).toBe("cancelled");
});

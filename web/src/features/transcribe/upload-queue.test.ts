import { beforeEach, expect, test, vi } from "vitest";
import { defaultChoices } from "@/components/jobs/job-choices";
import { FakeBrowser } from "./fakes/fake-browser";
import { FakeClock } from "./fakes/fake-clock";
import { FakeService, lost, refusal } from "./fakes/fake-service";
import { ItemList } from "./item-list";
import { Custody } from "./keeping/custody";
import { DIRECT_MAX_BYTES } from "./sending/delivery";
import { Patience } from "./sending/patience";
import { TransferSlots } from "./sending/transfer-slots";
import { UploadQueue } from "./upload-queue";

const small = (name: string) => new File([new Uint8Array(1000)], name, { lastModified: 7 });
const large = (name: string) => new File([new Uint8Array(DIRECT_MAX_BYTES + 1)], name);
const pick = (...files: File[]) => files.map((file) => ({ file }));

let clock: FakeClock;
let service: FakeService;
let browser: FakeBrowser;
let items: ItemList;
let queue: UploadQueue;
let patience: Patience;

beforeEach(() => {
  clock = new FakeClock();
  service = new FakeService(DIRECT_MAX_BYTES / 2);
  browser = new FakeBrowser();
  items = new ItemList();
  const tab = browser.openTab();
  const custody = new Custody(tab, tab);
  custody.open("ada");
  patience = new Patience(clock, () => 1);
  queue = new UploadQueue(
    items,
    custody,
    { service, patience, slots: new TransferSlots(4) },
    clock,
  );
});

const states = () => items.read().map(({ state }) => state);
const firstId = () => items.read()[0]?.id ?? "";
const names = () => [...browser.kept.values()].map(({ name }) => name);

test("files wait for the start, then go two at a time", async () => {
  service.fate = (call) => (call.startsWith("whole") ? "hang" : undefined);
  queue.add(pick(small("a.wav"), small("b.wav"), small("c.wav")));
  expect(states()).toEqual(["ready", "ready", "ready"]);
  queue.start({ ...defaultChoices, language: "de" });
  await clock.advance(0);
  expect(states()).toEqual(["sending", "sending", "waiting"]);
  expect(items.read()[2]?.choices?.language).toBe("de");
  expect(names()).toEqual(["a.wav", "b.wav", "c.wav"]);

  service.fate = () => undefined;
  await queue.remove(firstId());
  await clock.advance(0);
  expect(states()).toEqual(["sending", "sent"]);
  expect(names()).toEqual(["b.wav"]);
});

test("a small file goes in one request, a larger one in chunks; neither is remembered after", async () => {
  queue.add(pick(small("a.wav"), large("b.wav")));
  queue.start(defaultChoices);
  await vi.waitFor(async () => {
    await clock.advance(0);
    expect(states()).toEqual(["sent", "sent"]);
  });
  expect(service.count("whole a.wav")).toBe(1);
  expect(service.count("announce b.wav")).toBe(1);
  expect(service.count("chunk")).toBe(3);
  expect(items.read()[1]).toMatchObject({
    sentBytes: DIRECT_MAX_BYTES + 1,
    job: { name: "b.wav" },
  });
  expect(names()).toEqual([]);
  expect(browser.locks.size).toBe(0);
});

test("what is listed and not sent yet is not listed twice", () => {
  expect(queue.add(pick(small("a.wav"), small("a.wav")))).toEqual([
    { name: "a.wav", reason: "listed" },
  ]);
  expect(states()).toEqual(["ready"]);
});

test("a paused upload keeps what the service has, and sends the rest", async () => {
  service.fate = (call) => (call === "chunk 2" ? "hang" : undefined);
  queue.add(pick(large("a.wav")));
  queue.start(defaultChoices);
  await vi.waitFor(async () => {
    await clock.advance(0);
    expect(service.uploads.get(`upload of ${firstId()}`)?.chunks.size).toBe(2);
  });
  await clock.advance(0);
  queue.pause(firstId());
  expect(items.read()[0]).toMatchObject({ state: "paused", sentBytes: DIRECT_MAX_BYTES });
  expect([...browser.kept.values()]).toMatchObject([{ isPaused: true }]);
  await clock.advance(500_000);
  expect(service.count("chunk 2")).toBe(1);

  service.fate = () => undefined;
  queue.resumeAll();
  await vi.waitFor(async () => {
    await clock.advance(0);
    expect(states()).toEqual(["sent"]);
  });
  expect(service.count("chunk 0")).toBe(1);
  expect(service.count("chunk 2")).toBe(2);
});

test("stopped, an upload goes from the service as well, once that answers", async () => {
  service.fate = (call) => (call.startsWith("chunk") ? "hang" : undefined);
  queue.add(pick(large("a.wav")));
  queue.start(defaultChoices);
  await clock.advance(0);
  service.fate = () => lost();
  void queue.remove(firstId());
  await clock.advance(0);
  expect(states()).toEqual(["stopping"]);
  expect(names()).toEqual([]);
  service.fate = () => undefined;
  await clock.advance(1_000);
  expect(states()).toEqual([]);
  expect([...service.uploads.values()]).toMatchObject([{ state: "cancelled" }]);
});

test("a refused file says why, and the next one goes; sent again it has the same key", async () => {
  service.fate = (call) => (call === "whole a.wav" ? refusal(507, "quota_exceeded") : undefined);
  queue.add(pick(small("a.wav"), small("b.wav")));
  queue.start(defaultChoices);
  await clock.advance(0);
  expect(states()).toEqual(["failed", "sent"]);
  expect(items.read()[0]?.error).toMatchObject({ code: "quota_exceeded" });
  const id = firstId();
  service.fate = () => undefined;
  queue.retry(id);
  await clock.advance(0);
  expect(states()).toEqual(["sent", "sent"]);
  expect(firstId()).toBe(id);
});

test("a lost line is shown while it lasts, and waited for", async () => {
  service.fate = () => lost();
  queue.add(pick(small("a.wav")));
  queue.start(defaultChoices);
  await clock.advance(0);
  expect(items.read()[0]).toMatchObject({ state: "sending", hindrance: { status: 0 } });
  service.fate = () => undefined;
  patience.wake();
  await clock.advance(0);
  expect(items.read()[0]).toMatchObject({ state: "sent", hindrance: undefined });
});

test("an upload that expired is sent from its beginning when somebody asks for it", async () => {
  service.fate = (call) => (call === "chunk 1" ? refusal(410, "upload_expired") : undefined);
  queue.add(pick(large("a.wav")));
  queue.start({ ...defaultChoices, task: "translate" });
  await vi.waitFor(async () => {
    await clock.advance(0);
    expect(states()).toEqual(["failed"]);
  });
  const id = firstId();
  service.fate = () => undefined;
  queue.retry(id);
  await vi.waitFor(async () => {
    await clock.advance(0);
    expect(states()).toEqual(["sent"]);
  });
  expect(firstId()).not.toBe(id);
  expect(items.read()[0]?.choices?.task).toBe("translate");
  expect(service.count("announce")).toBe(2);
  expect(names()).toEqual([]);
});

test("who is signed out meanwhile is led to the sign-in, and the upload is remembered", async () => {
  const onSignedOut = vi.fn();
  queue.onSignedOut = onSignedOut;
  service.fate = () => refusal(401, "unauthenticated");
  queue.add(pick(small("a.wav")));
  queue.start(defaultChoices);
  await clock.advance(0);
  expect(onSignedOut).toHaveBeenCalledOnce();
  expect(names()).toEqual(["a.wav"]);
});

test("clearing stops everything and leaves what is remembered", async () => {
  service.fate = () => "hang";
  queue.add(pick(small("a.wav")));
  queue.start(defaultChoices);
  await clock.advance(0);
  queue.clear();
  await clock.advance(0);
  expect(items.read()).toEqual([]);
  expect(names()).toEqual(["a.wav"]);
});

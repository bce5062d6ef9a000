import { expect, test, vi } from "vitest";
import { makeSegment, makeTranscript } from "@/testing/samples";
import { cutPage } from "@/testing/transcripts";
import type { SegmentQuery } from "./first-page";
import { SegmentStore } from "./segment-store";

function makeLong(count: number, revision = 0) {
  const segments = Array.from({ length: count }, (_, index) =>
    makeSegment({ index, start: index, end: index + 0.9, text: `Number ${index}.` }),
  );
  return makeTranscript({ segments, revision });
}

/** A store over a service that remembers what it was asked. */
function openStore(transcript = makeLong(2_500)) {
  const asked: SegmentQuery[] = [];
  const service = { transcript, fault: undefined as Error | undefined };
  const store = new SegmentStore((query) => {
    asked.push(query);
    if (service.fault) return Promise.reject(service.fault);
    const pairs = Object.entries(query).map(([name, value]) => [name, String(value)]);
    return Promise.resolve(cutPage(service.transcript, new URLSearchParams(pairs)));
  });
  const rows = () => store.getSnapshot().rows;
  return { store, asked, service, rows };
}

test("the first page comes at once and the rest behind it", async () => {
  const { store, asked } = openStore();
  store.start();
  const whole = await store.whole();
  expect(whole.map(({ index }) => index)).toEqual(Array.from({ length: 2_500 }, (_, i) => i));
  expect(asked).toEqual([
    { offset: 0, limit: 60 },
    { revision: 0, offset: 60, limit: 1_000 },
    { revision: 0, offset: 1_060, limit: 1_000 },
    { revision: 0, offset: 2_060, limit: 1_000 },
  ]);
});

test("a jump has its place loaded before the rest", async () => {
  const { store, asked, rows } = openStore();
  expect(await store.locate(2_000.5)).toBe(2_000);
  expect(rows()).toHaveLength(2_500);
  await store.whole();
  expect(asked.slice(0, 3)).toEqual([
    { from_seconds: 2_000.5, limit: 60 },
    { revision: 0, offset: 2_060, limit: 1_000 },
    { revision: 0, offset: 0, limit: 1_000 },
  ]);
  asked.length = 0;
  expect(await store.locate(17.3)).toBe(17);
  expect(await store.locate(99_999)).toBe(2_499);
  expect(asked).toEqual([]);
});

test("what is looked at is loaded first", async () => {
  const { store, asked } = openStore(makeLong(9_000));
  store.want(5_000, 5_010);
  await vi.waitFor(() => {
    expect(store.getSnapshot().rows[5_000]).toBeDefined();
  });
  expect(asked[1]).toEqual({ revision: 0, offset: 4_960, limit: 200 });
  store.stop();
});

test("an error stops the loading, and the rest comes when it is tried again", async () => {
  const { store, service, rows } = openStore();
  service.fault = new Error("away");
  store.start();
  await expect(store.whole()).rejects.toThrow("away");
  expect(store.getSnapshot().error).toBe(service.fault);
  service.fault = undefined;
  store.start();
  await store.whole();
  expect(rows()).toHaveLength(2_500);
});

test("a place that cannot be loaded is no row", async () => {
  const { store, service } = openStore();
  service.fault = new Error("away");
  expect(await store.locate(2_000)).toBe(-1);
  expect(store.getSnapshot().error).toBe(service.fault);
});

test("an edit takes its place without anything being loaded again", async () => {
  const { store, asked, rows } = openStore(makeLong(5));
  store.start();
  await store.whole();
  asked.length = 0;
  const halves = [
    makeSegment({ index: 5, start: 2, end: 2.4, text: "Two" }),
    makeSegment({ index: 6, start: 2.4, end: 2.9, text: "halves." }),
  ];
  await store.apply({ revision: 1, removed: [2, 4], added: halves });
  expect(rows().map((row) => row?.index)).toEqual([0, 1, 5, 6, 3]);
  expect(store.getSnapshot().revision).toBe(1);
  expect(asked).toEqual([]);
});

test("an edit whose place is not known has the text read again", async () => {
  const { store, service, rows } = openStore(makeLong(5));
  store.start();
  await store.whole();
  service.transcript = makeLong(4, 3);
  await store.apply({ revision: 3, removed: [4], added: [] });
  expect(rows()).toHaveLength(4);
  expect(store.getSnapshot().revision).toBe(3);
});

test("a page of an older revision that comes late is not shown", async () => {
  const { store, service, rows } = openStore(makeLong(300));
  store.start();
  service.transcript = makeLong(2, 1);
  await store.reload(1);
  await store.whole();
  expect(rows()).toHaveLength(2);
  expect(store.getSnapshot().revision).toBe(1);
});

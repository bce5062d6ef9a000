import { beforeEach, expect, test } from "vitest";
import type { JobAccepted } from "@/api/generated";
import { defaultChoices } from "@/components/jobs/job-choices";
import { FakeClock } from "../fakes/fake-clock";
import { FakeService, lost, refusal } from "../fakes/fake-service";
import { Patience } from "./patience";
import { FileNeededError } from "./reading";
import { sendInChunks, type Transfer } from "./send-in-chunks";
import { TransferSlots } from "./transfer-slots";

const CHUNK = 10;
const content = "0123456789abcdefghijklmnopqrstuvwxyz!?"; // three chunks and a short one
const file = new File([content], "talk.wav", { lastModified: 7 });
const UPLOAD = "upload of k1";

let clock: FakeClock;
let service: FakeService;
let patience: Patience;
let seen: { hindrances: unknown[]; progress: [number, number][]; finishing: number };
let controller: AbortController;

beforeEach(() => {
  clock = new FakeClock();
  service = new FakeService(CHUNK);
  patience = new Patience(clock, () => 1);
  seen = { hindrances: [], progress: [], finishing: 0 };
  controller = new AbortController();
});

function send(change: Partial<Transfer> = {}): Promise<JobAccepted> {
  const transfer: Transfer = {
    ...{ key: "k1", name: file.name, sizeBytes: file.size, choices: defaultChoices },
    ...{ uploadId: undefined, file, mustProve: false },
    ...change,
  };
  const means = { service, patience, slots: new TransferSlots(4) };
  return sendInChunks(transfer, means, {
    signal: controller.signal,
    onUpload: () => undefined,
    onProgress: (...figures) => seen.progress.push(figures),
    onFinishing: () => (seen.finishing += 1),
    onHindrance: (error) => seen.hindrances.push(error),
  });
}

/** What a promise has come to, without failing the test that looks. */
function watch<T>(promise: Promise<T>): { value?: T; error?: unknown } {
  const outcome: { value?: T; error?: unknown } = {};
  promise.then(
    (value) => (outcome.value = value),
    (error: unknown) => (outcome.error = error),
  );
  return outcome;
}

test("a file goes in chunks and becomes a job", async () => {
  const job = await send();
  expect(job.name).toBe("talk.wav");
  expect(service.readWhole(UPLOAD)).toBe(content);
  expect(seen.progress.at(-1)).toEqual([content.length, content.length]);
  expect(seen.finishing).toBe(1);
});

test("only what is missing is sent", async () => {
  await service.begin("u1", file, [0, 2]);
  await send({ uploadId: "u1" });
  expect(service.count("announce")).toBe(0);
  expect(service.calls.filter((call) => call.startsWith("chunk"))).toEqual(["chunk 1", "chunk 3"]);
  expect(service.readWhole("u1")).toBe(content);
});

test("a lost line is waited for, longer each time, and the wait ends when it is back", async () => {
  let isLost = true;
  service.fate = () => (isLost ? lost() : undefined);
  const outcome = watch(send());
  await clock.advance(0);
  expect(service.count("announce")).toBe(1);
  await clock.advance(1_000);
  expect(service.count("announce")).toBe(2);
  await clock.advance(1_900);
  expect(service.count("announce")).toBe(2);
  await clock.advance(100);
  expect(service.count("announce")).toBe(3);
  expect(seen.hindrances).toHaveLength(3);
  isLost = false;
  patience.wake();
  await clock.advance(0);
  expect(outcome.value?.name).toBe("talk.wav");
  expect(seen.hindrances.at(-1)).toBeUndefined();
});

test("a chunk that another request writes is sent again after the asked time", async () => {
  let refusals = 2;
  service.fate = (call) => {
    if (call !== "chunk 1" || refusals === 0) return undefined;
    refusals -= 1;
    return refusal(423, "chunk_busy", 5);
  };
  const outcome = watch(send());
  await clock.advance(4_900);
  expect(service.count("chunk 1")).toBe(1);
  await clock.advance(5_200);
  expect(service.count("chunk 1")).toBe(3);
  expect(outcome.value?.name).toBe("talk.wav");
});

test("a chunk that was spoilt on the way is sent again, and not for ever", async () => {
  service.fate = (call) => (call === "chunk 2" ? refusal(422, "checksum_mismatch") : undefined);
  const outcome = watch(send());
  await clock.advance(10_000_000);
  expect(outcome.error).toMatchObject({ code: "checksum_mismatch" });
  expect(service.count("chunk 2")).toBe(5);
});

test("a chunk that stands still is given up and sent again", async () => {
  let isAsleep = true;
  service.fate = (call) => (call === "chunk 0" && isAsleep ? "hang" : undefined);
  const outcome = watch(send());
  await clock.advance(44_000);
  expect(service.count("chunk 0")).toBe(1);
  isAsleep = false;
  await clock.advance(2_500);
  expect(service.count("chunk 0")).toBe(2);
  expect(outcome.value?.name).toBe("talk.wav");
});

test("an expired upload is no use asking again", async () => {
  await service.begin("u1", file, [0]);
  const upload = service.uploads.get("u1");
  if (upload) upload.state = "expired";
  await expect(send({ uploadId: "u1" })).rejects.toMatchObject({ code: "upload_expired" });
  expect(service.count("read")).toBe(1);
});

test("a full disk is told at once, and the other chunks stop", async () => {
  service.fate = (call) => (call === "chunk 0" ? refusal(507, "storage_full", 60) : undefined);
  await expect(send()).rejects.toMatchObject({ code: "storage_full" });
  expect(service.count("finalize")).toBe(0);
});

test("what the service lost is sent again", async () => {
  let isLost = false;
  service.verify = (upload) => {
    if (isLost) return null;
    isLost = true;
    upload.chunks.delete(2);
    return { code: "bytes_missing", message: "The storage lost chunks." };
  };
  const outcome = watch(send());
  await clock.advance(10_000);
  expect(outcome.value?.name).toBe("talk.wav");
  expect(service.count("chunk 2")).toBe(2);
  expect(service.readWhole(UPLOAD)).toBe(content);
});

test("a service that takes its time to check is asked until it is done", async () => {
  service.isSlowToVerify = true;
  const outcome = watch(send());
  await clock.advance(1_900);
  expect(outcome.value).toBeUndefined();
  await clock.advance(200);
  expect(outcome.value?.name).toBe("talk.wav");
});

test("a service that cannot check is given up after a few rounds", async () => {
  const error = { code: "storage_unavailable", message: "The disk did not confirm the file." };
  service.isSlowToVerify = true;
  service.verify = () => error;
  const outcome = watch(send());
  await clock.advance(600_000);
  expect(outcome.error).toMatchObject({ code: "storage_unavailable", message: error.message });
  expect(service.count("finalize")).toBe(6);
});

test("a file that was chosen again proves what it is before anything is added", async () => {
  await service.begin("u1", file, [0, 1]);
  const other = new File([content.toUpperCase()], "talk.wav");
  await expect(send({ uploadId: "u1", file: other, mustProve: true })).rejects.toMatchObject({
    code: "chunk_conflict",
  });
  expect(service.calls.filter((call) => call.startsWith("chunk")).sort()).toEqual([
    "chunk 0",
    "chunk 1",
  ]);
  await send({ uploadId: "u1", mustProve: true });
  expect(service.readWhole("u1")).toBe(content);
});

test("without the file only an upload that has everything goes on", async () => {
  await service.begin("u1", file, [0, 1, 2]);
  await expect(send({ uploadId: "u1", file: undefined })).rejects.toBeInstanceOf(FileNeededError);
  await service.begin("u2", file, [0, 1, 2, 3]);
  expect((await send({ uploadId: "u2", file: undefined })).name).toBe("talk.wav");
});

test("three chunks go at a time; stopped, it sends nothing more", async () => {
  service.fate = (call) => (call.startsWith("chunk") ? "hang" : undefined);
  const outcome = watch(send());
  await clock.advance(0);
  expect(service.underWay).toBe(3);
  controller.abort();
  await clock.advance(200_000);
  expect(outcome.error).toMatchObject({ name: "AbortError" });
  expect(service.count("chunk")).toBe(3);
});

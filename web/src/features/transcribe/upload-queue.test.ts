import { expect, test } from "vitest";
import { makeJob } from "@/testing/samples";
import { defaultChoices } from "@/components/jobs/job-choices";
import { type SendRequest, UploadQueue } from "./upload-queue";

const file = (name: string) => new File([new Uint8Array(1000)], name);

/** A line whose transfers end when the test says so. */
class Line {
  readonly requests: (SendRequest & { finish: () => void; fail: (error: unknown) => void })[] = [];

  readonly send = (request: SendRequest) =>
    new Promise<ReturnType<typeof makeJob>>((resolve, reject) => {
      this.requests.push({
        ...request,
        finish: () => {
          resolve(makeJob({ name: request.file.name }));
        },
        fail: reject,
      });
      request.signal.addEventListener("abort", () => {
        reject(new DOMException("stopped", "AbortError"));
      });
    });

  last() {
    const request = this.requests.at(-1);
    if (!request) throw new Error("Nothing was sent.");
    return request;
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve));
const states = (queue: UploadQueue) => queue.read().map((item) => item.state);

test("files wait for the start, then go one after another", async () => {
  const line = new Line();
  const queue = new UploadQueue(line.send);
  queue.add([file("a.wav"), file("b.wav")]);
  expect(states(queue)).toEqual(["ready", "ready"]);

  queue.start({ ...defaultChoices, language: "de" });
  expect(states(queue)).toEqual(["sending", "waiting"]);
  expect(line.last().choices.language).toBe("de");

  line.last().finish();
  await settle();
  expect(states(queue)).toEqual(["sent", "sending"]);
  expect(queue.read()[0]?.job?.name).toBe("a.wav");
});

test("progress gives bytes and speed, never more than the file", () => {
  let now = 0;
  const line = new Line();
  const queue = new UploadQueue(line.send, () => now);
  queue.add([file("a.wav")]);
  queue.start(defaultChoices);
  now = 2000;
  line.last().onProgress({ sentBytes: 500, totalBytes: 1200 });
  expect(queue.read()[0]).toMatchObject({ sentBytes: 500, bytesPerSecond: 250 });
  line.last().onProgress({ sentBytes: 1200, totalBytes: 1200 });
  expect(queue.read()[0]?.sentBytes).toBe(1000);
});

test("a failure keeps the file for another try under the same key, and the next one goes", async () => {
  const line = new Line();
  const queue = new UploadQueue(line.send);
  queue.add([file("a.wav"), file("b.wav")]);
  queue.start(defaultChoices);
  const refusal = new Error("no room");
  line.last().fail(refusal);
  await settle();
  expect(states(queue)).toEqual(["failed", "sending"]);
  expect(queue.read()[0]?.error).toBe(refusal);

  line.last().finish();
  await settle();
  queue.retry(queue.read()[0]?.id ?? "");
  expect(line.last().id).toBe(line.requests[0]?.id);
  expect(queue.read()[0]).toMatchObject({ state: "sending", error: undefined });
});

test("removing the file on the line stops it and frees the line", async () => {
  const line = new Line();
  const queue = new UploadQueue(line.send);
  queue.add([file("a.wav"), file("b.wav")]);
  queue.start(defaultChoices);
  const [first] = queue.read();
  queue.remove(first?.id ?? "");
  await settle();
  expect(line.requests[0]?.signal.aborted).toBe(true);
  expect(states(queue)).toEqual(["sending"]);
});

test("clearing forgets everything", async () => {
  const line = new Line();
  const queue = new UploadQueue(line.send);
  let calls = 0;
  queue.subscribe(() => {
    calls += 1;
  });
  queue.add([file("a.wav")]);
  queue.start(defaultChoices);
  queue.clear();
  await settle();
  expect(queue.read()).toEqual([]);
  expect(line.last().signal.aborted).toBe(true);
  expect(calls).toBeGreaterThan(2);
});

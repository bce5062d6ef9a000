import { afterEach, expect, test } from "vitest";
import { TabLocks } from "./tab-locks";

/** The browser's locks, as far as they are used here: exclusive, by name. */
class FakeLocks {
  readonly #held = new Set<string>();
  readonly #waiting: (() => void)[] = [];

  readonly request = async (
    name: string,
    { ifAvailable = false, signal }: LockOptions,
    whileHeld: (lock: object | null) => unknown,
  ): Promise<void> => {
    if (ifAvailable && this.#held.has(name)) {
      whileHeld(null);
      return;
    }
    while (this.#held.has(name)) {
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve);
        signal?.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      });
    }
    this.#held.add(name);
    await whileHeld({ name });
    this.#held.delete(name);
    for (const wake of this.#waiting.splice(0)) wake();
  };
}

const give = (locks: FakeLocks | undefined) => {
  Object.defineProperty(navigator, "locks", { value: locks, configurable: true });
};

afterEach(() => {
  give(undefined);
});

test("one tab holds an upload, the next one waits for it", async () => {
  give(new FakeLocks());
  const [first, second] = [new TabLocks(), new TabLocks()];
  expect(await first.tryHold("u1")).toBe(true);
  expect(await first.tryHold("u1")).toBe(true);
  expect(await second.tryHold("u1")).toBe(false);
  expect(await second.tryHold("u2")).toBe(true);
  let isHeld = false;
  const holding = second.hold("u1", new AbortController().signal).then(() => {
    isHeld = true;
  });
  await Promise.resolve();
  expect(isHeld).toBe(false);
  first.releaseAll();
  await holding;
  expect(await first.tryHold("u1")).toBe(false);
});

test("the wait ends with its signal", async () => {
  give(new FakeLocks());
  const [first, second] = [new TabLocks(), new TabLocks()];
  await first.tryHold("u1");
  const controller = new AbortController();
  const holding = second.hold("u1", controller.signal);
  controller.abort();
  await expect(holding).rejects.toMatchObject({ name: "AbortError" });
});

test("without the browser's locks every tab may send", async () => {
  const [first, second] = [new TabLocks(), new TabLocks()];
  expect(await first.tryHold("u1")).toBe(true);
  expect(await second.tryHold("u1")).toBe(true);
});

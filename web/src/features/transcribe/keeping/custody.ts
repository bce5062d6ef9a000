import { toKept, type UploadItem } from "../upload-item";
import type { KeptUpload, UploadMemory } from "./kept-uploads";
import type { UploadLocks } from "./tab-locks";

/** What one account's uploads leave in this browser, and which of them this tab may send. */
export class Custody {
  #userId: string | undefined;

  constructor(
    private readonly memory: UploadMemory,
    private readonly locks: UploadLocks,
  ) {}

  open(userId: string): void {
    this.#userId = userId;
  }

  /** Leaves the uploads to other tabs; what is remembered of them stays. */
  close(): void {
    this.#userId = undefined;
    this.locks.releaseAll();
  }

  /** What the account has begun and not finished in this browser. */
  async list(): Promise<KeptUpload[]> {
    return this.#userId === undefined ? [] : this.memory.list(this.#userId);
  }

  /** False when another tab sends it. */
  claim(id: string): Promise<boolean> {
    return this.locks.tryHold(id);
  }

  /** Waits until no other tab sends it; what it then remembers of it, if that is anything. */
  async inherit(id: string, signal: AbortSignal): Promise<KeptUpload | undefined> {
    await this.locks.hold(id, signal);
    const kept = (await this.list()).find((each) => each.id === id);
    if (!kept) this.locks.release(id);
    return kept;
  }

  release(id: string): void {
    this.locks.release(id);
  }

  async remember(item: UploadItem): Promise<void> {
    if (this.#userId !== undefined) await this.memory.put(toKept(item, this.#userId));
  }

  async forget(id: string): Promise<void> {
    await this.memory.remove(id);
    this.locks.release(id);
  }
}

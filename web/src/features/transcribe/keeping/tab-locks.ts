const PREFIX = "transcriber.upload.";

/** Which tab of this browser sends an upload: one at most. */
export interface UploadLocks {
  /** False when another tab has it. */
  tryHold: (id: string) => Promise<boolean>;
  /** Waits until no other tab has it; fails with the signal. */
  hold: (id: string, signal: AbortSignal) => Promise<void>;
  release: (id: string) => void;
  releaseAll: () => void;
}

/**
 * By the browser's own locks, which end with the tab, however that ends.  Plain http has none; there
 * two tabs may send the same chunks, which the service takes as one.
 */
export class TabLocks implements UploadLocks {
  readonly #held = new Map<string, () => void>();

  tryHold(id: string): Promise<boolean> {
    return this.#request(id, { ifAvailable: true });
  }

  async hold(id: string, signal: AbortSignal): Promise<void> {
    await this.#request(id, { signal });
  }

  release(id: string): void {
    this.#held.get(id)?.();
    this.#held.delete(id);
  }

  releaseAll(): void {
    for (const id of [...this.#held.keys()]) this.release(id);
  }

  #request(id: string, options: LockOptions): Promise<boolean> {
    const locks = navigator.locks as LockManager | undefined;
    if (!locks || this.#held.has(id)) return Promise.resolve(true);
    return new Promise((resolve, reject) => {
      const held = locks.request(PREFIX + id, options, (lock) => {
        resolve(lock !== null);
        if (lock === null) return undefined;
        return new Promise<void>((release) => {
          this.#held.set(id, release);
        });
      });
      held.catch(reject);
    });
  }
}

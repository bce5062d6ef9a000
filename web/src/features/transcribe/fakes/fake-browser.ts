import type { KeptUpload, UploadMemory } from "../keeping/kept-uploads";
import type { UploadLocks } from "../keeping/tab-locks";

/** What all tabs of a browser share. */
export class FakeBrowser {
  readonly kept = new Map<string, KeptUpload>();
  readonly locks = new Map<string, FakeTab>();
  readonly waiting: (() => void)[] = [];

  openTab(): FakeTab {
    return new FakeTab(this);
  }
}

/** One tab: what it remembers is everybody's, what it holds is its own. */
export class FakeTab implements UploadMemory, UploadLocks {
  constructor(private readonly browser: FakeBrowser) {}

  readonly list = (userId: string) =>
    Promise.resolve([...this.browser.kept.values()].filter((each) => each.userId === userId));

  readonly put = (upload: KeptUpload) => {
    this.browser.kept.set(upload.id, upload);
    return Promise.resolve();
  };

  readonly remove = (id: string) => {
    this.browser.kept.delete(id);
    return Promise.resolve();
  };

  readonly tryHold = (id: string) => {
    const holder = this.browser.locks.get(id);
    if (!holder) this.browser.locks.set(id, this);
    return Promise.resolve(holder === undefined || holder === this);
  };

  readonly hold = async (id: string, signal: AbortSignal) => {
    while (!(await this.tryHold(id))) {
      await new Promise<void>((resolve, reject) => {
        this.browser.waiting.push(resolve);
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      });
    }
  };

  readonly release = (id: string) => {
    if (this.browser.locks.get(id) === this) this.browser.locks.delete(id);
    for (const wake of this.browser.waiting.splice(0)) wake();
  };

  readonly releaseAll = () => {
    for (const id of [...this.browser.locks.keys()]) this.release(id);
  };
}

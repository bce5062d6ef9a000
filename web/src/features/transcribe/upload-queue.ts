import type { JobAccepted, UploadRead } from "@/api/generated";
import { isSignedOut, ProblemError } from "@/api/problem";
import type { JobChoices } from "@/components/jobs/job-choices";
import { createIdentifier } from "@/lib/identifiers";
import type { IgnoredFile, PickedFile } from "./choosing/picked-file";
import type { ItemList } from "./item-list";
import type { Custody } from "./keeping/custody";
import type { Clock } from "./sending/clock";
import { deliver } from "./sending/delivery";
import { FileNeededError } from "./sending/reading";
import type { Means } from "./sending/send-in-chunks";
import { isSameFile, isUnderWay, readProgress, type UploadItem } from "./upload-item";

/** More side by side would share the same line, and the first transcript would come later. */
const FILES_AT_ONCE = 2;
const GONE = new Set(["upload_expired", "upload_cancelled", "upload_gone", "upload_not_found"]);

/** Whether the service has nothing of it any more, so that it can only be sent from its beginning. */
export function isGone(error: unknown): boolean {
  return error instanceof ProblemError && GONE.has(error.code);
}

/**
 * The files of an account, a few sent at a time.  It outlives the screens, so that leaving the page
 * does not stop an upload.
 */
export class UploadQueue {
  readonly #runs = new Map<string, AbortController>();
  /** Uploads that ended in this visit: the service's list may still have them for a moment. */
  readonly #ended = new Set<string>();
  onSignedOut: () => void = () => undefined;

  constructor(
    private readonly items: ItemList,
    private readonly custody: Custody,
    private readonly means: Means,
    private readonly clock: Clock,
  ) {}

  /** Lists files; what is listed already is told and not listed twice. */
  add(picked: readonly PickedFile[]): IgnoredFile[] {
    const ignored: IgnoredFile[] = [];
    for (const { file, handle } of picked) {
      const isListed = this.items
        .read()
        .some((item) => (item.state === "ready" || isUnderWay(item)) && isSameFile(item, file));
      if (isListed) ignored.push({ name: file.name, reason: "listed" });
      else this.items.add(makeItem(file, handle));
    }
    return ignored;
  }

  /** Sends everything that is ready, with the choices as they are now. */
  start(choices: JobChoices): void {
    for (const { id, state } of this.items.read()) {
      if (state === "ready") this.enqueue(id, { choices });
    }
  }

  /** Puts an item at its place in the line. */
  enqueue(id: string, change: Partial<UploadItem> = {}): void {
    const old = this.items.find(id);
    if (!old || isUnderWay(old)) return;
    const reset = { error: undefined, hindrance: undefined };
    this.items.change(id, { ...change, ...reset, state: "waiting" });
    void this.#keep(id);
    this.#fill();
  }

  pause(id: string): void {
    const old = this.items.find(id);
    if (old?.state !== "waiting" && old?.state !== "sending") return;
    const item = this.items.change(id, {
      state: "paused",
      sentBytes: old.keptBytes,
      bytesPerSecond: 0,
      hindrance: undefined,
    });
    this.#stop(id);
    if (item) void this.custody.remember(item);
  }

  pauseAll(): void {
    for (const { id } of this.items.read()) this.pause(id);
  }

  resumeAll(): void {
    for (const { id, state } of this.items.read()) if (state === "paused") this.enqueue(id);
  }

  /** Sends again what failed: what is missing of it, or all where the service has nothing more. */
  retry(id: string): void {
    const item = this.items.find(id);
    if (!item) return;
    if (isGone(item.error)) this.#startAnew(item);
    else this.enqueue(id);
  }

  /** Takes a file out of the list, off the line, and off the service. */
  async remove(id: string): Promise<void> {
    const item = this.items.find(id);
    if (!item) return;
    this.#stop(id);
    await this.custody.forget(id);
    if (item.uploadId === undefined || item.state === "sent" || isGone(item.error)) {
      this.items.filter((each) => each.id !== id);
      this.#fill();
      return;
    }
    this.items.change(id, { state: "stopping", bytesPerSecond: 0, hindrance: undefined });
    this.#fill();
    await this.#cancel(id, item.uploadId);
  }

  clearSent(): void {
    this.items.filter(({ state }) => state !== "sent");
  }

  /** Whether this visit has brought an upload to its end. */
  hasEnded(uploadId: string): boolean {
    return this.#ended.has(uploadId);
  }

  /** Stops everything and forgets the list; what the browser remembers stays. */
  clear(): void {
    this.items.replace([]);
    for (const id of [...this.#runs.keys()]) this.#stop(id);
  }

  async #keep(id: string): Promise<void> {
    await this.custody.claim(id);
    const item = this.items.find(id);
    if (item && (isUnderWay(item) || item.state === "paused")) await this.custody.remember(item);
  }

  #stop(id: string): void {
    this.#runs.get(id)?.abort();
    this.#runs.delete(id);
    this.#fill();
  }

  #fill(): void {
    const items = this.items.read();
    const sending = items.filter(({ state }) => state === "sending").length;
    const next = items.filter(({ state }) => state === "waiting");
    for (const item of next.slice(0, Math.max(0, FILES_AT_ONCE - sending))) this.#run(item);
  }

  #run({ id }: UploadItem): void {
    const controller = new AbortController();
    this.#runs.set(id, controller);
    const item = this.items.change(id, { state: "sending", bytesPerSecond: 0 });
    if (!item) return;
    const { signal } = controller;
    const onChange = (change: Partial<UploadItem>) => {
      if (signal.aborted) return;
      this.items.change(id, change);
      // Once the service alone is at work, the line is free for the next file.
      if (change.state === "finishing") this.#fill();
    };
    const onUpload = (upload: UploadRead) => {
      if (signal.aborted) return;
      const changed = this.items.change(id, { ...readProgress(upload), state: "sending" });
      this.items.filter((each) => each.id === id || each.uploadId !== upload.id);
      if (changed) void this.custody.remember(changed);
    };
    void deliver(item, this.means, this.clock, { signal, onChange, onUpload })
      .then((job) => {
        if (!signal.aborted) this.#finish(id, job);
      })
      .catch((error: unknown) => {
        if (!signal.aborted) this.#fail(id, error);
      })
      .finally(() => {
        if (this.#runs.get(id) === controller) this.#runs.delete(id);
        this.#fill();
      });
  }

  #finish(id: string, job: JobAccepted): void {
    const item = this.items.find(id);
    if (item?.uploadId !== undefined) this.#ended.add(item.uploadId);
    this.items.change(id, {
      ...{ state: "sent", job, file: undefined, handle: undefined },
      ...{ sentBytes: item?.sizeBytes ?? 0, bytesPerSecond: 0, hindrance: undefined },
    });
    void this.custody.forget(id);
  }

  #fail(id: string, error: unknown): void {
    const change = { bytesPerSecond: 0, hindrance: undefined };
    if (error instanceof FileNeededError) {
      this.items.change(id, { ...change, state: "unfinished" });
    } else if (error instanceof ProblemError && error.code === "chunk_conflict") {
      // Another file, or one that was changed since: the right one may still be found.
      const noFile = { file: undefined, handle: undefined };
      this.items.change(id, { ...change, ...noFile, state: "unfinished", error });
    } else {
      this.items.change(id, { ...change, state: "failed", error });
      if (isSignedOut(error)) this.onSignedOut();
    }
  }

  #startAnew(item: UploadItem): void {
    this.items.filter(({ id }) => id !== item.id);
    void this.custody.forget(item.id);
    if (item.uploadId !== undefined) this.#ended.add(item.uploadId);
    // Without the file there is nothing to start: it is dropped or chosen as any other.
    if (!item.file) return;
    const anew = { ...makeItem(item.file, item.handle), choices: item.choices };
    this.items.add(anew);
    // How an upload of another browser was to be transcribed has to be said again.
    if (item.choices) this.enqueue(anew.id);
  }

  async #cancel(id: string, uploadId: string): Promise<void> {
    const controller = new AbortController();
    this.#runs.set(id, controller);
    const { signal } = controller;
    const onHindrance = (hindrance: unknown) => this.items.change(id, { hindrance });
    try {
      const { service, patience } = this.means;
      await patience.persist((tried) => service.cancel(uploadId, tried), { signal, onHindrance });
      this.#ended.add(uploadId);
      this.items.filter((each) => each.id !== id);
    } catch (error) {
      if (!signal.aborted) this.items.change(id, { state: "failed", error, hindrance: undefined });
    } finally {
      if (this.#runs.get(id) === controller) this.#runs.delete(id);
    }
  }
}

function makeItem(file: File, handle?: FileSystemFileHandle): UploadItem {
  return {
    id: createIdentifier(),
    name: file.name,
    sizeBytes: file.size,
    lastModified: file.lastModified,
    state: "ready",
    sentBytes: 0,
    keptBytes: 0,
    bytesPerSecond: 0,
    file,
    handle,
  };
}

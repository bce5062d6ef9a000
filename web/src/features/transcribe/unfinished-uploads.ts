import type { UploadRead } from "@/api/generated";
import type { PickedFile } from "./choosing/picked-file";
import type { ItemList } from "./item-list";
import type { Custody } from "./keeping/custody";
import { askAndReopen, reopen } from "./keeping/file-access";
import type { KeptUpload } from "./keeping/kept-uploads";
import {
  fromKept,
  isSameFile,
  NotReopenedError,
  OtherFileError,
  readProgress,
  type UploadItem,
} from "./upload-item";
import type { UploadQueue } from "./upload-queue";

/**
 * Uploads that were begun before: by this browser, which remembers them, or by another one, which
 * the service tells of.  Those whose file is at hand go on; the others are listed and need it.
 */
export class UnfinishedUploads {
  /** Files of this page load: after another sign-in of the same person they are still at hand. */
  readonly #files = new Map<string, File>();
  #bringing = Promise.resolve();
  #visit = new AbortController();
  #listed: readonly UploadRead[] = [];

  constructor(
    private readonly items: ItemList,
    private readonly queue: UploadQueue,
    private readonly custody: Custody,
  ) {}

  /** Begins the visit of an account. */
  async open(userId: string): Promise<void> {
    this.#visit = new AbortController();
    this.custody.open(userId);
    await this.#bringBack();
    // A screen may have asked the service before the frame around it was there.
    if (this.#listed.length > 0) await this.adopt(this.#listed);
  }

  close(): void {
    for (const { id, file, state } of this.items.read()) {
      if (file && state !== "ready") this.#files.set(id, file);
    }
    this.#visit.abort();
    this.#listed = [];
    this.queue.clear();
    this.custody.close();
  }

  /** Adds what only the service knows, and drops what it no longer has. */
  async adopt(uploads: readonly UploadRead[]): Promise<void> {
    const { signal } = this.#visit;
    this.#listed = uploads;
    // What another tab has begun since is remembered by now, and is not to be taken from it.
    await this.#bringBack();
    if (signal.aborted) return;
    const open = uploads.filter(
      ({ id, protocol }) => protocol === "chunks" && !this.queue.hasEnded(id),
    );
    const isOpen = (uploadId: string | undefined) => open.some(({ id }) => id === uploadId);
    this.items.filter((item) => !isOnlyThere(item) || isOpen(item.uploadId));
    for (const upload of open) {
      const known = this.items.read().find(({ uploadId }) => uploadId === upload.id);
      if (!known) this.items.add(makeAdopted(upload));
      else if (known.state === "unfinished") this.items.change(known.id, readProgress(upload));
    }
  }

  /** Whether a file continues an upload; then it does. */
  takeUp(picked: PickedFile): boolean {
    const item = this.items
      .read()
      .find((each) => each.state === "unfinished" && isSameFile(each, picked.file));
    if (item) void this.attach(item.id, picked);
    return item !== undefined;
  }

  /** Continues an upload with the file that was chosen for it. */
  async attach(id: string, { file, handle }: PickedFile): Promise<void> {
    const item = this.items.find(id);
    if (!item) return;
    if (file.size !== item.sizeBytes) {
      this.items.change(id, { error: new OtherFileError(file.size) });
      return;
    }
    if (!(await this.custody.claim(id))) {
      this.#leaveElsewhere(id);
      return;
    }
    const isSurelyTheSame = item.lastModified === file.lastModified && item.name === file.name;
    // Whoever chose another file before may choose it again.
    const isInDoubt = item.mustProve === true || !isSurelyTheSame;
    const mustProve = item.uploadId !== undefined && isInDoubt;
    const { lastModified } = file;
    this.queue.enqueue(id, { file, handle, lastModified, mustProve });
  }

  /** Opens the file again by its handle, after the browser has asked for leave. */
  async continueByHandle(id: string): Promise<void> {
    const item = this.items.find(id);
    if (!item?.handle || item.lastModified === null) return;
    const { handle, sizeBytes, lastModified } = item;
    const file = await askAndReopen(handle, { sizeBytes, lastModified });
    if (file) await this.attach(id, { file, handle });
    else this.items.change(id, { handle: undefined, error: new NotReopenedError() });
  }

  #bringBack(): Promise<void> {
    const { signal } = this.#visit;
    this.#bringing = this.#bringing.then(async () => {
      for (const kept of await this.custody.list()) {
        if (signal.aborted) return;
        if (this.items.find(kept.id)) continue;
        if (await this.custody.claim(kept.id)) await this.#revive(kept, signal);
        else this.#leaveElsewhere(kept.id, kept);
      }
    });
    return this.#bringing;
  }

  async #revive(kept: KeptUpload, signal: AbortSignal): Promise<void> {
    const file = this.#files.get(kept.id) ?? (kept.handle && (await reopen(kept.handle, kept)));
    if (signal.aborted) {
      this.custody.release(kept.id);
      return;
    }
    const state = kept.isPaused ? "paused" : "unfinished";
    this.items.filter(({ id }) => id !== kept.id);
    this.items.add(fromKept(kept, { file, state }));
    // Without the file the service is asked all the same: it may have everything.
    const goesOn = file !== undefined || kept.uploadId !== undefined;
    if (goesOn && !kept.isPaused) this.queue.enqueue(kept.id);
  }

  /** Lists what another tab sends, and takes it over when that tab is gone. */
  #leaveElsewhere(id: string, kept?: KeptUpload): void {
    const { signal } = this.#visit;
    if (kept) this.items.add(fromKept(kept, { state: "elsewhere" }));
    else this.items.change(id, { state: "elsewhere" });
    void this.custody
      .inherit(id, signal)
      .then(async (left) => {
        if (left) await this.#revive(left, signal);
        else this.items.filter((item) => item.id !== id);
      })
      .catch((error: unknown) => {
        if (!signal.aborted) this.items.change(id, { state: "failed", error });
      });
  }
}

/** Whether this browser has nothing of it but what the service says. */
function isOnlyThere({ state, lastModified }: UploadItem): boolean {
  return state === "unfinished" && lastModified === null;
}

function makeAdopted(upload: UploadRead): UploadItem {
  return {
    ...readProgress(upload),
    id: upload.id,
    name: upload.name,
    sizeBytes: upload.size_bytes,
    lastModified: null,
    state: "unfinished",
    bytesPerSecond: 0,
  };
}

import type { JobRead } from "@/api/generated";
import { createIdentifier } from "@/lib/identifiers";
import type { UploadProgress } from "@/lib/fetch-with-progress";
import type { JobChoices } from "@/components/jobs/job-choices";

type UploadState = "ready" | "waiting" | "sending" | "sent" | "failed";

/** One file on its way to the service; values are replaced, never changed, so that React sees it. */
export interface UploadItem {
  readonly id: string;
  readonly file: File;
  readonly state: UploadState;
  readonly sentBytes: number;
  /** Bytes per second since sending began; 0 until the first report. */
  readonly bytesPerSecond: number;
  readonly choices?: JobChoices;
  readonly job?: JobRead;
  readonly error?: unknown;
}

export interface SendRequest {
  id: string;
  file: File;
  choices: JobChoices;
  onProgress: (progress: UploadProgress) => void;
  signal: AbortSignal;
}

export type SendRecording = (request: SendRequest) => Promise<JobRead>;

/**
 * The files of this visit, sent one after another: side by side they would share the same line and
 * the first transcript would come later.  It outlives the screen, so that leaving the page does not
 * stop an upload.
 */
export class UploadQueue {
  #items: readonly UploadItem[] = [];
  readonly #listeners = new Set<() => void>();
  #sending: { id: string; controller: AbortController } | undefined;

  constructor(
    private readonly send: SendRecording,
    private readonly now: () => number = () => performance.now(),
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly read = (): readonly UploadItem[] => this.#items;

  add(files: Iterable<File>): void {
    const added = Array.from(files, (file): UploadItem => ({
      id: createIdentifier(),
      file,
      state: "ready",
      sentBytes: 0,
      bytesPerSecond: 0,
    }));
    this.#replace([...this.#items, ...added]);
  }

  /** Sends everything that is ready, with the choices as they are now. */
  start(choices: JobChoices): void {
    this.#replace(
      this.#items.map((item) =>
        item.state === "ready" ? { ...item, state: "waiting", choices } : item,
      ),
    );
    this.#sendNext();
  }

  retry(id: string): void {
    this.#change(id, (item) => ({ ...item, state: "waiting", sentBytes: 0, error: undefined }));
    this.#sendNext();
  }

  /** Takes a file out of the list, and off the line when it is being sent. */
  remove(id: string): void {
    this.#replace(this.#items.filter((item) => item.id !== id));
    if (this.#sending?.id === id) this.#sending.controller.abort();
  }

  clearSent(): void {
    this.#replace(this.#items.filter((item) => item.state !== "sent"));
  }

  clear(): void {
    this.#replace([]);
    this.#sending?.controller.abort();
  }

  #sendNext(): void {
    const next = this.#items.find((item) => item.state === "waiting");
    if (!next?.choices || this.#sending) return;
    const controller = new AbortController();
    this.#sending = { id: next.id, controller };
    this.#change(next.id, (item) => ({ ...item, state: "sending", bytesPerSecond: 0 }));
    void this.#run(next, next.choices, controller.signal).finally(() => {
      this.#sending = undefined;
      this.#sendNext();
    });
  }

  async #run(item: UploadItem, choices: JobChoices, signal: AbortSignal): Promise<void> {
    const { id, file } = item;
    const startedAt = this.now();
    const onProgress = ({ sentBytes }: UploadProgress) => {
      const seconds = (this.now() - startedAt) / 1000;
      const bytesPerSecond = seconds > 0 ? sentBytes / seconds : 0;
      // The request is a little longer than the file: the form around it counts too.
      const shown = Math.min(sentBytes, file.size);
      this.#change(id, (each) => ({ ...each, sentBytes: shown, bytesPerSecond }));
    };
    try {
      const job = await this.send({ id, file, choices, onProgress, signal });
      this.#change(id, (each) => ({ ...each, state: "sent", sentBytes: file.size, job }));
    } catch (error) {
      // A removed file is no longer listed, so its abortion changes nothing.
      this.#change(id, (each) => ({ ...each, state: "failed", error }));
    }
  }

  #change(id: string, change: (item: UploadItem) => UploadItem): void {
    this.#replace(this.#items.map((item) => (item.id === id ? change(item) : item)));
  }

  #replace(items: readonly UploadItem[]): void {
    this.#items = items;
    for (const listener of this.#listeners) listener();
  }
}

import type { JobAccepted, UploadRead } from "@/api/generated";
import { ProblemError } from "@/api/problem";
import type { JobChoices } from "@/components/jobs/job-choices";
import { listNumbers, listProofs } from "./chunk-numbers";
import type { Attempt, Patience } from "./patience";
import { digestChunk, FileNeededError } from "./reading";
import type { TransferSlots } from "./transfer-slots";
import type { UploadService } from "./upload-service";

const CHUNKS_AT_ONCE = 3;
const CHECK_PAUSE_MS = 2_000;
/** So often an upload is completed in vain before a person is asked. */
const MAX_ROUNDS = 6;

/** After these the service says anew what it has; some of it may have to be sent again. */
const LOOK_AGAIN = new Set([
  "bytes_missing",
  "chunk_damaged",
  "storage_unavailable",
  "upload_incomplete",
  "upload_state",
  "verification_failed",
]);

export interface Transfer {
  /** Names the announcement, so that one whose answer was lost is found again. */
  key: string;
  name: string;
  sizeBytes: number;
  choices: JobChoices;
  /** Undefined until it is announced; from then on its options are the service's. */
  uploadId: string | undefined;
  file: File | undefined;
  /** Whether the file has to show that it is the one that was begun. */
  mustProve: boolean;
}

export interface Means {
  service: UploadService;
  patience: Patience;
  slots: TransferSlots;
}

export interface Reports {
  signal: AbortSignal;
  onUpload: (upload: UploadRead) => void;
  /** All that was sent, and what of it the service has kept for good. */
  onProgress: (sentBytes: number, keptBytes: number) => void;
  onFinishing: () => void;
  onHindrance: (error: unknown) => void;
}

/** Sends what the service does not have yet, and gives the job that comes of it. */
export async function sendInChunks(
  transfer: Transfer,
  means: Means,
  reports: Reports,
): Promise<JobAccepted> {
  const { service, patience } = means;
  const persist = <T>(attempt: Attempt<T>) => patience.persist(attempt, reports);
  let upload = await persist((signal) =>
    transfer.uploadId === undefined
      ? service.announce(transfer, signal)
      : service.read(transfer.uploadId, signal),
  );
  let failure: unknown;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    if (round > 0) await patience.pause(round * 1_000, reports.signal);
    reports.onUpload(upload);
    const uploadId = upload.id;
    try {
      if (upload.state === "receiving" && upload.missing.length > 0) {
        const proofs = transfer.mustProve && round === 0 ? listProofs(upload) : [];
        await new ChunkLine(transfer, upload, means, reports).send(proofs);
      }
      reports.onFinishing();
      const job = await finish(uploadId, means, reports);
      if (job) return job;
    } catch (error) {
      if (!(error instanceof ProblemError && LOOK_AGAIN.has(error.code))) throw error;
      failure = error;
    }
    upload = await persist((signal) => service.read(uploadId, signal));
    if (!upload.error) continue;
    failure = new ProblemError(409, upload.error.code, upload.error.message);
    if (!LOOK_AGAIN.has(upload.error.code)) break;
  }
  throw failure;
}

/** Has the whole checked; undefined when something of it has to be sent again. */
async function finish(
  uploadId: string,
  { service, patience }: Means,
  reports: Reports,
): Promise<JobAccepted | undefined> {
  for (;;) {
    const job = await patience.persist((signal) => service.finalize(uploadId, signal), reports);
    if (job) return job;
    let state: UploadRead["state"];
    do {
      await patience.pause(CHECK_PAUSE_MS, reports.signal);
      ({ state } = await patience.persist((signal) => service.read(uploadId, signal), reports));
    } while (state === "verifying");
    if (state !== "completed") return undefined;
  }
}

/** Some chunks of one upload, a few of them side by side. */
class ChunkLine {
  readonly #inFlight = new Map<number, number>();
  readonly #stop = new AbortController();
  #keptBytes: number;

  constructor(
    private readonly transfer: Transfer,
    private readonly upload: UploadRead,
    private readonly means: Means,
    private readonly reports: Reports,
  ) {
    this.#keptBytes = upload.received_bytes;
  }

  /** Sends the missing ones, after those that prove which file it is. */
  async send(proofs: readonly number[]): Promise<void> {
    if (!this.transfer.file) throw new FileNeededError("Bytes are missing and there is no file.");
    const { signal } = this.reports;
    const stop = () => {
      this.#stop.abort(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
    try {
      await this.#sendAll(this.transfer.file, proofs, true);
      await this.#sendAll(this.transfer.file, listNumbers(this.upload.missing), false);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #sendAll(file: File, numbers: readonly number[], areKept: boolean): Promise<void> {
    const line = numbers[Symbol.iterator]();
    const failures: unknown[] = [];
    const work = async () => {
      try {
        for (const number of line) await this.#sendOne(file, number, areKept);
      } catch (error) {
        // The others end for this one; what they say then is not the reason.
        failures.push(error);
        this.#stop.abort();
      }
    };
    await Promise.all(Array.from({ length: CHUNKS_AT_ONCE }, work));
    this.reports.signal.throwIfAborted();
    if (failures.length > 0) throw failures[0];
  }

  async #sendOne(file: File, number: number, isKept: boolean): Promise<void> {
    const { service, patience, slots } = this.means;
    const { id: uploadId, chunk_bytes: length } = this.upload;
    const body = file.slice(number * length, (number + 1) * length);
    const signal = this.#stop.signal;
    const attempt: Attempt<void> = async (tried, touch) => {
      const digest = await digestChunk(body);
      const onSent = (sentBytes: number) => {
        touch();
        if (!isKept) this.#inFlight.set(number, Math.min(sentBytes, body.size));
        this.#report();
      };
      await service.sendChunk({ uploadId, number, body, digest }, onSent, tried);
    };
    const onHindrance = (error: unknown) => {
      this.#inFlight.delete(number);
      this.reports.onHindrance(error);
    };
    await slots.use(() => patience.persist(attempt, { signal, onHindrance }), signal);
    this.#inFlight.delete(number);
    if (!isKept) this.#keptBytes += body.size;
    this.#report();
  }

  #report(): void {
    const underWay = [...this.#inFlight.values()].reduce((sum, bytes) => sum + bytes, 0);
    this.reports.onProgress(this.#keptBytes + underWay, this.#keptBytes);
  }
}

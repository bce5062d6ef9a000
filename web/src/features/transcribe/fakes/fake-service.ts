import type { JobAccepted, UploadRead } from "@/api/generated";
import { ProblemError } from "@/api/problem";
import { makeAcceptedJob } from "@/testing/samples";
import type { Announcement, Chunk, Submission, UploadService } from "../sending/upload-service";

interface HeldUpload {
  name: string;
  sizeBytes: number;
  state: UploadRead["state"];
  chunks: Map<number, string>;
  error: UploadRead["error"];
}

/** What a test may do to a call: let it pass, refuse it, or never answer it. */
type Fate = Error | "hang" | undefined;

export const lost = () => new ProblemError(0, "unreachable", "");
export const refusal = (status: number, code: string, retryAfterSeconds?: number) =>
  new ProblemError(status, code, `The service says ${code}.`, {}, retryAfterSeconds);

/** The service as docs/uploads.md describes it, in memory. */
export class FakeService implements UploadService {
  readonly uploads = new Map<string, HeldUpload>();
  readonly calls: string[] = [];
  /** Decides about each call by its name and subject, as in `chunk 3`. */
  fate: (call: string) => Fate = () => undefined;
  /** Looks at a verification once all chunks are there. */
  verify: (upload: HeldUpload) => UploadRead["error"] = () => null;
  isSlowToVerify = false;
  underWay = 0;

  constructor(readonly chunkBytes: number) {}

  count(call: string): number {
    return this.calls.filter((each) => each.startsWith(call)).length;
  }

  /** An upload that was begun before, with some chunks of a file. */
  async begin(id: string, file: File, numbers: readonly number[]): Promise<void> {
    const upload = this.#open(id, file.name, file.size);
    for (const number of numbers) {
      upload.chunks.set(number, await this.#cut(file, number).text());
    }
  }

  readonly sendWhole: UploadService["sendWhole"] = async (each, onSent, signal) => {
    await this.#call(`whole ${each.file.name}`, signal);
    onSent(each.file.size);
    return this.#makeJob(each);
  };

  readonly announce: UploadService["announce"] = async (each: Announcement, signal) => {
    await this.#call(`announce ${each.name}`, signal);
    const id = `upload of ${each.key}`;
    if (!this.uploads.has(id)) this.#open(id, each.name, each.sizeBytes);
    return this.show(id);
  };

  readonly read: UploadService["read"] = async (uploadId, signal) => {
    await this.#call("read", signal);
    const upload = this.uploads.get(uploadId);
    if (upload?.state === "verifying") this.#end(upload);
    return this.show(uploadId);
  };

  readonly sendChunk: UploadService["sendChunk"] = async (chunk: Chunk, onSent, signal) => {
    this.underWay += 1;
    try {
      onSent(Math.floor(chunk.body.size / 2));
      await this.#call(`chunk ${chunk.number}`, signal);
      const upload = this.#find(chunk.uploadId);
      if (upload.state !== "receiving") throw refusal(409, "upload_state");
      const content = await chunk.body.text();
      const known = upload.chunks.get(chunk.number);
      if (known !== undefined && known !== content) throw refusal(409, "chunk_conflict");
      upload.chunks.set(chunk.number, content);
      onSent(chunk.body.size);
    } finally {
      this.underWay -= 1;
    }
  };

  readonly finalize: UploadService["finalize"] = async (uploadId, signal) => {
    await this.#call("finalize", signal);
    const upload = this.#find(uploadId);
    if (this.#countMissing(upload) > 0) throw refusal(409, "upload_incomplete");
    if (this.isSlowToVerify && upload.state === "receiving") {
      upload.state = "verifying";
      return undefined;
    }
    if (upload.state !== "completed") this.#end(upload);
    if (upload.error) throw refusal(409, upload.error.code);
    return makeAcceptedJob({ name: upload.name, size_bytes: upload.sizeBytes });
  };

  readonly cancel: UploadService["cancel"] = async (uploadId, signal) => {
    await this.#call("cancel", signal);
    this.#find(uploadId).state = "cancelled";
  };

  show(id: string): UploadRead {
    const upload = this.#find(id);
    if (upload.state === "expired") throw refusal(410, "upload_expired");
    const count = Math.ceil(upload.sizeBytes / this.chunkBytes);
    const missing = Array.from({ length: count }, (_, number) => number)
      .filter((number) => !upload.chunks.has(number))
      .map((number) => ({ first: number, last: number }));
    const received = [...upload.chunks.values()].reduce((sum, { length }) => sum + length, 0);
    return {
      ...{ id, name: upload.name, protocol: "chunks", state: upload.state, error: upload.error },
      ...{ size_bytes: upload.sizeBytes, chunk_bytes: this.chunkBytes, chunk_count: count },
      ...{ missing, received_bytes: received, sha256: null, job_id: null },
      created_at: "2026-11-22T10:00:00Z",
      updated_at: "2026-11-22T10:00:00Z",
      expires_at: "2026-11-23T10:00:00Z",
    };
  }

  /** The bytes of an upload as they came together. */
  readWhole(id: string): string {
    const { chunks } = this.#find(id);
    return [...chunks.keys()]
      .sort((one, other) => one - other)
      .map((n) => chunks.get(n))
      .join("");
  }

  #open(id: string, name: string, sizeBytes: number): HeldUpload {
    const upload: HeldUpload = {
      ...{ name, sizeBytes, state: "receiving", error: null },
      chunks: new Map<number, string>(),
    };
    this.uploads.set(id, upload);
    return upload;
  }

  #find(id: string): HeldUpload {
    const upload = this.uploads.get(id);
    if (!upload) throw refusal(404, "upload_not_found");
    return upload;
  }

  #end(upload: HeldUpload): void {
    upload.error = this.verify(upload);
    upload.state = upload.error ? "receiving" : "completed";
  }

  #countMissing({ sizeBytes, chunks }: HeldUpload): number {
    return Math.ceil(sizeBytes / this.chunkBytes) - chunks.size;
  }

  #cut(file: File, number: number): Blob {
    return file.slice(number * this.chunkBytes, (number + 1) * this.chunkBytes);
  }

  #makeJob({ file }: Submission): JobAccepted {
    return makeAcceptedJob({ name: file.name, size_bytes: file.size });
  }

  async #call(call: string, signal: AbortSignal): Promise<void> {
    this.calls.push(call);
    const fate = this.fate(call);
    if (fate === "hang") {
      await new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      });
    }
    await Promise.resolve();
    signal.throwIfAborted();
    if (fate instanceof Error) throw fate;
  }
}

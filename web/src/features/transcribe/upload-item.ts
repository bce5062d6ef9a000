import type { JobAccepted, UploadRead } from "@/api/generated";
import type { JobChoices } from "@/components/jobs/job-choices";
import type { KeptUpload } from "./keeping/kept-uploads";

/**
 * Where an upload is.  `ready` waits for a person, `waiting` for its turn; `finishing` is with the
 * service alone; `unfinished` was begun before and needs its file; `elsewhere` is sent by another tab.
 */
type UploadState =
  | "ready"
  | "waiting"
  | "sending"
  | "finishing"
  | "paused"
  | "stopping"
  | "unfinished"
  | "elsewhere"
  | "failed"
  | "sent";

/** One file on its way to the service; values are replaced, never changed, so that React sees it. */
export interface UploadItem {
  /** Also the idempotency key of what is sent. */
  readonly id: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** Of the file, in milliseconds since 1970; null where only the service knows of the upload. */
  readonly lastModified: number | null;
  readonly state: UploadState;
  readonly sentBytes: number;
  /** What of it the service has for good. */
  readonly keptBytes: number;
  /** 0 while it is not known. */
  readonly bytesPerSecond: number;
  /** As they were when it was started; another browser's are not known here. */
  readonly choices?: JobChoices | undefined;
  readonly file?: File | undefined;
  readonly handle?: FileSystemFileHandle | undefined;
  readonly uploadId?: string | undefined;
  /** Until when the service keeps what it has. */
  readonly expiresAt?: string | undefined;
  /** Whether the file was chosen again and may be another one. */
  readonly mustProve?: boolean | undefined;
  /** Why it waits, while it goes on by itself. */
  readonly hindrance?: unknown;
  readonly job?: JobAccepted | undefined;
  readonly error?: unknown;
}

/** The file that was chosen for an upload is not the one that was begun. */
export class OtherFileError extends Error {
  override readonly name = "OtherFileError";

  constructor(readonly sizeBytes: number) {
    super("This is another file.");
  }
}

/** The browser did not give a file again: it was refused, moved or changed. */
export class NotReopenedError extends Error {
  override readonly name = "NotReopenedError";
}

/** Whether it goes on by itself, now or in its turn. */
export function isUnderWay({ state }: UploadItem): boolean {
  return state === "waiting" || state === "sending" || state === "finishing";
}

/** Whether it stands among those that were begun before: its file is not at hand. */
export function needsFile({ state, file }: UploadItem): boolean {
  const isLeft = state === "unfinished" || state === "elsewhere";
  return isLeft || (state === "stopping" && file === undefined);
}

/** Whether a file is the one of an upload, as far as can be told without reading it. */
export function isSameFile(item: UploadItem, file: File): boolean {
  return item.name === file.name && item.sizeBytes === file.size;
}

/** How far the service says an upload is. */
export function readProgress(upload: UploadRead) {
  return {
    uploadId: upload.id,
    keptBytes: upload.received_bytes,
    sentBytes: upload.received_bytes,
    expiresAt: upload.expires_at,
  };
}

export function toKept(item: UploadItem, userId: string): KeptUpload {
  return {
    id: item.id,
    userId,
    name: item.name,
    sizeBytes: item.sizeBytes,
    lastModified: item.lastModified ?? 0,
    choices: item.choices,
    uploadId: item.uploadId,
    handle: item.handle,
    mustProve: item.mustProve ?? false,
    isPaused: item.state === "paused",
  };
}

export function fromKept(kept: KeptUpload, change: Partial<UploadItem>): UploadItem {
  const { id, name, sizeBytes, lastModified, choices, uploadId, handle, mustProve } = kept;
  return {
    ...{ id, name, sizeBytes, lastModified, choices, uploadId, handle, mustProve },
    state: "unfinished",
    sentBytes: 0,
    keptBytes: 0,
    bytesPerSecond: 0,
    ...change,
  };
}

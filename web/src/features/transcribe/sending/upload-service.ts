import {
  cancelUpload,
  createJob,
  finalizeUpload,
  initializeUpload,
  type JobAccepted,
  readUpload,
  sendChunk,
  type UploadRead,
} from "@/api/generated";
import { formDataBodySerializer } from "@/api/generated/client";
import { type JobChoices, toJobRequest } from "@/components/jobs/job-choices";
import { fetchWithProgress } from "@/lib/fetch-with-progress";

export interface Submission {
  /** The same key makes nothing twice, whatever became of the answer. */
  key: string;
  file: File;
  choices: JobChoices;
}

export interface Announcement {
  key: string;
  name: string;
  sizeBytes: number;
  choices: JobChoices;
}

export interface Chunk {
  uploadId: string;
  number: number;
  body: Blob;
  digest: string | undefined;
}

type OnSent = (sentBytes: number) => void;

/** What sending asks of the service. */
export interface UploadService {
  sendWhole: (each: Submission, onSent: OnSent, signal: AbortSignal) => Promise<JobAccepted>;
  announce: (each: Announcement, signal: AbortSignal) => Promise<UploadRead>;
  read: (uploadId: string, signal: AbortSignal) => Promise<UploadRead>;
  sendChunk: (chunk: Chunk, onSent: OnSent, signal: AbortSignal) => Promise<void>;
  /** The job, or nothing while the service still checks what it has. */
  finalize: (uploadId: string, signal: AbortSignal) => Promise<JobAccepted | undefined>;
  cancel: (uploadId: string, signal: AbortSignal) => Promise<void>;
}

const IS_CHECKING = 202;

/** The service behind this page, through the generated client. */
export const uploadService: UploadService = {
  sendWhole: async ({ key, file, choices }, onSent, signal) => {
    const body = { ...toJobRequest(choices), file };
    const form = formDataBodySerializer.bodySerializer(body);
    const { data } = await createJob({
      body,
      headers: { "Idempotency-Key": key },
      bodySerializer: () => form,
      fetch: fetchWithProgress(
        () => form,
        ({ sentBytes }) => {
          onSent(sentBytes);
        },
      ),
      signal,
      throwOnError: true,
    });
    return data;
  },

  announce: async ({ key, name, sizeBytes, choices }, signal) => {
    const { data } = await initializeUpload({
      body: { name, size_bytes: sizeBytes, options: toJobRequest(choices) },
      headers: { "Idempotency-Key": key },
      signal,
      throwOnError: true,
    });
    return data;
  },

  read: async (uploadId, signal) =>
    (await readUpload({ path: { upload_id: uploadId }, signal, throwOnError: true })).data,

  sendChunk: async ({ uploadId, number, body, digest }, onSent, signal) => {
    await sendChunk({
      path: { upload_id: uploadId, number: String(number) },
      body,
      headers: digest === undefined ? {} : { "Content-Digest": digest },
      fetch: fetchWithProgress(
        () => body,
        ({ sentBytes }) => {
          onSent(sentBytes);
        },
      ),
      signal,
      throwOnError: true,
    });
  },

  finalize: async (uploadId, signal) => {
    const { data, response } = await finalizeUpload({
      path: { upload_id: uploadId },
      signal,
      throwOnError: true,
    });
    return response.status === IS_CHECKING ? undefined : (data as JobAccepted);
  },

  cancel: async (uploadId, signal) => {
    await cancelUpload({ path: { upload_id: uploadId }, signal, throwOnError: true });
  },
};

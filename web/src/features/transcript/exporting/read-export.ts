import { exportTranscript } from "@/api/generated";
import type { ExportQuery } from "./export-settings";

/** Enough for some fifty lines or subtitles. */
const BEGINNING_BYTES = 6_000;

export interface Beginning {
  text: string;
  /** Whether the file ends here. */
  isWhole: boolean;
}

/** The first kilobytes of a text file; the rest is neither made nor sent. */
export async function readBeginning(
  jobId: string,
  query: ExportQuery,
  signal: AbortSignal,
): Promise<Beginning> {
  const { data } = await exportTranscript({
    path: { job_id: jobId },
    query,
    parseAs: "stream",
    signal,
    throwOnError: true,
  });
  // The generated type is that of the whole file, whatever way it is read.
  const stream = data as unknown as ReadableStream<Uint8Array<ArrayBuffer>> | null;
  if (stream === null) return { text: "", isWhole: true };
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let bytes = 0; bytes < BEGINNING_BYTES;) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), isWhole: true };
    // One piece of the stream may hold far more than is shown.
    text += decoder.decode(value.subarray(0, BEGINNING_BYTES - bytes), { stream: true });
    bytes += value.length;
  }
  await reader.cancel();
  return { text, isWhole: false };
}

/** A whole text file. */
export async function readText(jobId: string, query: ExportQuery): Promise<string> {
  const { data } = await exportTranscript({
    path: { job_id: jobId },
    query,
    parseAs: "text",
    throwOnError: true,
  });
  return data as unknown as string;
}

/** A whole file as its bytes. */
export async function readFile(jobId: string, query: ExportQuery): Promise<Blob> {
  const { data } = await exportTranscript({
    path: { job_id: jobId },
    query,
    parseAs: "blob",
    throwOnError: true,
  });
  return data;
}

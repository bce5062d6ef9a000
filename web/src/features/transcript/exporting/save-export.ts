import { addressOf } from "@/api/address";
import { exportTranscript } from "@/api/generated";
import { saveAddress, saveFile, stemOf } from "@/lib/download";
import type { OpenTranscript } from "../open-transcript";
import { type ExportFormat, type ExportQuery, isDocument } from "./export-settings";
import { readFile } from "./read-export";

/** Downloads the transcript as a file that is named after its recording. */
export async function saveExport(
  { jobId, name }: Pick<OpenTranscript, "jobId" | "name">,
  format: ExportFormat,
  query: ExportQuery,
): Promise<void> {
  const fileName = `${stemOf(name)}.${format}`;
  if (isDocument(format)) {
    // It may be refused, for want of a font for instance, and only a call of our own learns why.
    saveFile(await readFile(jobId, query), fileName);
    return;
  }
  // However long it is, the browser writes it to the disk as it comes.
  saveAddress(addressOf(exportTranscript, { path: { job_id: jobId }, query }), fileName);
}

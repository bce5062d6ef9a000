import { exportTranscript, type ExportTranscriptData } from "@/api/generated";
import { saveFile, stemOf } from "@/lib/download";

export type ExportFormat = NonNullable<NonNullable<ExportTranscriptData["query"]>["format"]>;

/** In the order of the menu; the type fails to compile when the service learns another format. */
const menuOrder: Record<ExportFormat, number> = {
  txt: 0,
  docx: 1,
  pdf: 2,
  srt: 3,
  vtt: 4,
  csv: 5,
  tsv: 6,
  json: 7,
};

export const exportFormats = (Object.keys(menuOrder) as ExportFormat[]).sort(
  (one, other) => menuOrder[one] - menuOrder[other],
);

/** Downloads the transcript in one format, named after its recording. */
export async function saveExport(jobId: string, name: string, format: ExportFormat): Promise<void> {
  const { data } = await exportTranscript({
    path: { job_id: jobId },
    query: { format },
    parseAs: "blob",
    throwOnError: true,
  });
  saveFile(data, `${stemOf(name)}.${format}`);
}

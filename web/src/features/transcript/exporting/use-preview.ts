import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { exportTranscriptQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { choosableParts, type ExportSettings, isDocument, toQuery } from "./export-settings";
import { readBeginning } from "./read-export";

/** How long a setting stays as it is before the service is asked. */
const SETTLING_MS = 300;

/** The beginning of the file that the settings give; of a document, its text. */
export function usePreview(jobId: string, settings: ExportSettings, revision: number) {
  const [settled] = useDebouncedValue(settings, SETTLING_MS);
  const shown = isDocument(settled.format) ? toPlainText(settled) : settled;
  const query = toQuery(shown, revision);
  return useQuery({
    queryKey: [...exportTranscriptQueryKey({ path: { job_id: jobId }, query }), "beginning"],
    queryFn: async ({ signal }) => ({
      ...(await readBeginning(jobId, query, signal)),
      // An answer that stays while the next is on its way says what it shows.
      format: settled.format,
    }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
  });
}

function toPlainText(settings: ExportSettings): ExportSettings {
  const { speakers, timestamps } = Object.fromEntries(choosableParts(settings));
  return {
    ...settings,
    format: "txt",
    parts: { txt: { speakers: speakers ?? false, timestamps: timestamps ?? false } },
  };
}

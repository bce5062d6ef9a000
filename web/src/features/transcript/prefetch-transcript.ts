import type { QueryClient } from "@tanstack/react-query";
import {
  listSegmentsOptions,
  readJobOptions,
  readOverviewOptions,
} from "@/api/generated/@tanstack/react-query.gen";
import { firstPage, type WantedPlace } from "./segments/first-page";

/** How old, in milliseconds, the page may be that a screen just opened shows first. */
export const FRESH_MS = 3_000;

/**
 * Asks for what a transcript's screen shows first, while the browser still fetches that screen's
 * program. Who asks afterwards gets the same answers, or meets the error and tells of it.
 */
export async function prefetchTranscript(
  client: QueryClient,
  jobId: string,
  wanted: WantedPlace,
): Promise<void> {
  const path = { job_id: jobId };
  try {
    const job = await client.query(readJobOptions({ path }));
    // Of any other job the service would say that it has no text, and browsers would log that.
    if (job.state !== "completed" || !job.has_transcript) return;
    await Promise.all([
      client.query({ ...readOverviewOptions({ path }), staleTime: Infinity }),
      client.query({
        ...listSegmentsOptions({ path, query: firstPage(wanted) }),
        staleTime: FRESH_MS,
        gcTime: FRESH_MS,
      }),
    ]);
  } catch {
    // The screen asks again and shows what is wrong in its place.
  }
}

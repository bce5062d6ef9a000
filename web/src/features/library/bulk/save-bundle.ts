import { exportTranscripts, type JobRead } from "@/api/generated";
import { chooseTarget } from "@/lib/save-stream";
import type { BundleFormat } from "./bundle-formats";

/** Saves transcripts as one zip file while it arrives; false where nobody wanted it after all. */
export async function saveBundle(jobs: readonly JobRead[], format: BundleFormat): Promise<boolean> {
  // Asked first: browsers allow it only right after a click.
  const save = await chooseTarget("transcripts.zip");
  if (!save) return false;
  const { data } = await exportTranscripts({
    body: { job_ids: jobs.map((job) => job.id), format },
    parseAs: "stream",
    throwOnError: true,
  });
  await save(data as unknown as ReadableStream<Uint8Array>);
  return true;
}

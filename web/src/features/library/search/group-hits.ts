import type { HitRead } from "@/api/generated";

/** What was found in one transcript, in the order of the recording. */
export interface HitGroup {
  jobId: string;
  name: string;
  language: string;
  createdAt: string;
  hits: HitRead[];
}

/** Hits come transcript by transcript; a page may end within one. */
export function groupHits(hits: readonly HitRead[]): HitGroup[] {
  const groups = new Map<string, HitGroup>();
  for (const hit of hits) {
    const group = groups.get(hit.job_id) ?? {
      jobId: hit.job_id,
      name: hit.name,
      language: hit.language,
      createdAt: hit.created_at,
      hits: [],
    };
    group.hits.push(hit);
    groups.set(hit.job_id, group);
  }
  return [...groups.values()];
}

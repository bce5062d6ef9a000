import type { QueryClient } from "@tanstack/react-query";
import type { EditResult, SegmentRead, TranscriptEdit } from "@/api/generated";
import {
  compareRevisionsOptions,
  editTranscriptMutation,
  listRevisionsOptions,
  listSegmentsOptions,
  renameSpeakersMutation,
} from "@/api/generated/@tanstack/react-query.gen";

/** What editing needs of the service; tests put a small model in its place. */
export interface EditService {
  edit: (revision: number, operations: TranscriptEdit["operations"]) => Promise<EditResult>;
  /** Renames a speaker throughout; gives the new revision. */
  rename: (revision: number, speaker: string | null, name: string | null) => Promise<number>;
  readNewest: () => Promise<number>;
  /** Where two revisions differ, in the order of time. */
  compare: (revision: number, against: number) => Promise<Bounds[]>;
  /** The segments of a revision that touch a stretch of time. */
  readStretch: (revision: number, stretch: Bounds) => Promise<SegmentRead[]>;
}

/** In seconds. */
export interface Bounds {
  start: number;
  end: number;
}

const DIFF_LIMIT = 100;
const SEGMENT_LIMIT = 1_000;
/** The service gives what ends later than asked; a segment without length ends where it starts. */
const MARGIN_SECONDS = 0.001;
/** Each is asked for once, when it is needed. */
const fresh = { gcTime: 0, staleTime: 0, retry: false };

export function createEditService(client: QueryClient, jobId: string): EditService {
  const path = { job_id: jobId };
  return {
    edit: (revision, operations) =>
      client
        .getMutationCache()
        .build(client, editTranscriptMutation())
        .execute({ path, body: { revision, operations } }),
    rename: async (revision, speaker, name) => {
      const body = { revision, renames: [{ speaker, name }] };
      const renamed = await client
        .getMutationCache()
        .build(client, renameSpeakersMutation())
        .execute({ path, body });
      return renamed.revision;
    },
    readNewest: async () => {
      const options = listRevisionsOptions({ path, query: { limit: 1 } });
      const { items } = await client.query({ ...options, ...fresh });
      return items[0]?.number ?? 0;
    },
    compare: async (number, against) => {
      const bounds: Bounds[] = [];
      let offset: number | null = 0;
      while (offset !== null) {
        const query: { against: number; limit: number; offset: number } = {
          against,
          limit: DIFF_LIMIT,
          offset,
        };
        const options = compareRevisionsOptions({ path: { ...path, number }, query });
        const diff = await client.query({ ...options, ...fresh });
        bounds.push(...diff.items);
        offset = diff.next_offset;
      }
      return bounds;
    },
    readStretch: async (revision, { start, end }) => {
      const found: SegmentRead[] = [];
      const from_seconds = Math.max(0, start - MARGIN_SECONDS);
      let after: number | null | undefined;
      while (after !== null) {
        const query = { revision, from_seconds, limit: SEGMENT_LIMIT, ...(after && { after }) };
        const options = listSegmentsOptions({ path, query });
        const page = await client.query({ ...options, ...fresh });
        found.push(...page.items.filter((each) => each.start <= end));
        after = page.items.some((each) => each.start > end) ? null : page.next_after;
      }
      return found;
    },
  };
}

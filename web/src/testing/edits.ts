import type {
  EditTranscriptData,
  EditTranscriptResponses,
  SegmentRead,
  TranscriptEdit,
} from "@/api/generated";
import { makeSegment } from "./samples";
import { answer } from "./server";

interface Taken {
  /** Segments that come, under new indexes. */
  added?: Partial<SegmentRead>[];
  /** Indexes that go. */
  removed?: number[];
  /** The revision that is corrected. */
  since?: number;
}

/** Takes every edit, whatever it says; gives what was asked for. */
export function takeEdits({ added = [], removed = [], since = 0 }: Taken = {}): TranscriptEdit[] {
  const asked: TranscriptEdit[] = [];
  answer<EditTranscriptData, EditTranscriptResponses>(
    "patch",
    "/transcripts/{job_id}",
    200,
    async (request) => {
      asked.push((await request.json()) as TranscriptEdit);
      const all = added.map((change, place) => makeSegment({ index: 10 + place, ...change }));
      return { revision: since + asked.length, removed, added: all };
    },
  );
  return asked;
}

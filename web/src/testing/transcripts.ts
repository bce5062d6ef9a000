import type {
  ListJobsData,
  ListJobsResponses,
  ListSegmentsData,
  ListSegmentsResponses,
  ReadJobData,
  ReadJobResponses,
  ReadOverviewData,
  ReadOverviewResponses,
  ReadRecordingData,
  ReadRecordingResponses,
  JobRead,
  ReadTagsData,
  ReadTagsResponses,
  RecordingRead,
  SegmentPage,
  TranscriptRead,
} from "@/api/generated";
import { makeJob, makeRecording } from "./samples";
import { answer } from "./server";

/** Answers the job; gives how often it was asked for. */
export function giveJob(job: JobRead): { count: number } {
  const asked = { count: 0 };
  answer<ReadJobData, ReadJobResponses>("get", "/jobs/{job_id}", 200, () => {
    asked.count += 1;
    return job;
  });
  return asked;
}

/** Answers all that the screen of a finished transcript asks for. */
export function giveTranscript(transcript: TranscriptRead, recording = makeRecording()): void {
  const { segments, ...overview } = transcript;
  answer<ReadOverviewData, ReadOverviewResponses>(
    "get",
    "/transcripts/{job_id}/overview",
    200,
    overview,
  );
  answer<ListSegmentsData, ListSegmentsResponses>(
    "get",
    "/transcripts/{job_id}/segments",
    200,
    ({ url }) => cutPage({ ...overview, segments }, new URL(url).searchParams),
  );
  giveRecording(recording);
  answer<ReadTagsData, ReadTagsResponses>("get", "/transcripts/{job_id}/tags", 200, { tags: [] });
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, {
    items: [],
    next_cursor: null,
    total: 0,
  });
}

/** A finished job with its transcript, as most tests need it. */
export function giveFinished(transcript: TranscriptRead, job: Partial<JobRead> = {}): void {
  giveJob(makeJob(job));
  giveTranscript(transcript);
}

function giveRecording(recording: RecordingRead): void {
  answer<ReadRecordingData, ReadRecordingResponses>(
    "get",
    "/recordings/{recording_id}",
    200,
    recording,
  );
}

/** A page as the service cuts it. */
export function cutPage(
  { segments, revision }: TranscriptRead,
  query: URLSearchParams,
): SegmentPage {
  const from = Number(query.get("from_seconds") ?? -1);
  const limit = Number(query.get("limit") ?? 200);
  const asked = segments.filter(({ end }) => end > from).slice(Number(query.get("offset") ?? 0));
  const items = asked.slice(0, limit);
  const first = items[0];
  return {
    revision,
    offset: first ? segments.indexOf(first) : segments.length,
    total: segments.length,
    items,
    next_after: asked.length > limit ? (items.at(-1)?.index ?? null) : null,
  };
}

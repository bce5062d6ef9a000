import type {
  CreateJobData,
  CreateJobResponses,
  GetMeData,
  GetMeResponses,
  ListJobsData,
  ListJobsResponses,
  ListModelsData,
  ListModelsResponses,
  ReadJobData,
  ReadJobResponses,
  GetPreferencesData,
  GetPreferencesResponses,
  ListSegmentsData,
  ListSegmentsResponses,
  ListUploadsData,
  ListUploadsResponses,
  ReadOverviewData,
  ReadOverviewResponses,
  ReadRecordingData,
  ReadRecordingResponses,
  ReadTagsData,
  ReadTagsResponses,
  SegmentRead,
  StreamJobData,
  StreamJobsData,
} from "../src/api/generated";
import {
  ada,
  makeAcceptedJob,
  makeJob,
  makeModel,
  makeRecording,
  makeSegment,
  makeTranscript,
} from "../src/testing/samples.ts";
import { ADDRESS, MockedService } from "./mocked-service.ts";
import { expect, test } from "./test.ts";

// An address of its own: no service is started.
test.use({ baseURL: ADDRESS });

test("without a service: a file is sent, its transcript is read", async ({ page }) => {
  const service = await MockedService.of(page);
  // There is nothing to be heard.
  const job = makeJob({ has_audio: false });
  service.answer<GetMeData, GetMeResponses>("GET", "/auth/me", 200, ada);
  service.answer<ListModelsData, ListModelsResponses>("GET", "/models", 200, {
    items: [makeModel()],
  });
  service.answer<GetPreferencesData, GetPreferencesResponses>("GET", "/account/preferences", 200, {
    theme: null,
    language: null,
    job_defaults: { model: null, language: null, task: "transcribe", word_timestamps: false },
  });
  service.answer<ListUploadsData, ListUploadsResponses>("GET", "/uploads/", 200, {
    items: [],
    next_cursor: null,
  });
  service.keepSilent<StreamJobsData>("/jobs/events");
  service.keepSilent<StreamJobData>("/jobs/{job_id}/events");
  service.answer<ReadJobData, ReadJobResponses>("GET", "/jobs/{job_id}", 200, job);
  service.answer<ListJobsData, ListJobsResponses>("GET", "/jobs/", 200, {
    items: [job],
    next_cursor: null,
    total: 1,
  });
  service.answer<CreateJobData, CreateJobResponses>(
    "POST",
    "/jobs/",
    201,
    makeAcceptedJob({ state: "queued", progress: null, queue_position: 1 }),
  );
  // What Whisper heard, as the service tells it.
  answerTranscript(service, [
    makeSegment({ index: 0, text: "It was the best of times," }),
    makeSegment({ index: 1, start: 4, end: 8, text: "it was the worst of times." }),
  ]);

  await page.goto("/transcribe");
  await page
    .getByTestId("files")
    .setInputFiles({ name: "interview.m4a", mimeType: "audio/mp4", buffer: Buffer.from("speech") });
  await page.getByRole("button", { name: "Transcribe 1 file" }).click();
  await page.getByRole("link", { name: "Read interview.m4a" }).click();
  await expect(page.getByText("it was the worst of times.")).toBeVisible();
  expect(service.unanswered).toEqual([]);
});

/** What the screen of a finished transcript asks for. */
function answerTranscript(service: MockedService, segments: SegmentRead[]): void {
  const { segments: _, ...overview } = makeTranscript({ segments });
  service.answer<ReadOverviewData, ReadOverviewResponses>(
    "GET",
    "/transcripts/{job_id}/overview",
    200,
    overview,
  );
  service.answer<ListSegmentsData, ListSegmentsResponses>(
    "GET",
    "/transcripts/{job_id}/segments",
    200,
    { revision: 0, offset: 0, total: segments.length, items: segments, next_after: null },
  );
  service.answer<ReadRecordingData, ReadRecordingResponses>(
    "GET",
    "/recordings/{recording_id}",
    200,
    makeRecording({ has_audio: false }),
  );
  service.answer<ReadTagsData, ReadTagsResponses>("GET", "/transcripts/{job_id}/tags", 200, {
    tags: [],
  });
}

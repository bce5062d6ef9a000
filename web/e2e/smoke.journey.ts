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
  ReadTranscriptData,
  ReadTranscriptResponses,
  StreamJobData,
  StreamJobsData,
} from "../src/api/generated";
import {
  ada,
  makeAcceptedJob,
  makeJob,
  makeModel,
  makeSegment,
  makeTranscript,
} from "../src/testing/samples.ts";
import { ADDRESS, MockedService } from "./mocked-service.ts";
import { expect, test } from "./test.ts";

// An address of its own: no service is started.
test.use({ baseURL: ADDRESS });

test("without a service: a file is sent, its transcript is read", async ({ page }) => {
  const service = await MockedService.of(page);
  service.answer<GetMeData, GetMeResponses>("GET", "/auth/me", 200, ada);
  service.answer<ListModelsData, ListModelsResponses>("GET", "/models", 200, {
    items: [makeModel()],
  });
  service.keepSilent<StreamJobsData>("/jobs/events");
  service.keepSilent<StreamJobData>("/jobs/{job_id}/events");
  service.answer<ReadJobData, ReadJobResponses>("GET", "/jobs/{job_id}", 200, makeJob());
  service.answer<ListJobsData, ListJobsResponses>("GET", "/jobs/", 200, {
    items: [makeJob()],
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
  service.answer<ReadTranscriptData, ReadTranscriptResponses>(
    "GET",
    "/transcripts/{job_id}",
    200,
    makeTranscript({
      segments: [
        makeSegment({ index: 0, text: "It was the best of times," }),
        makeSegment({ index: 1, start: 4, end: 8, text: "it was the worst of times." }),
      ],
    }),
  );

  await page.goto("/transcribe");
  await page
    .getByTestId("files")
    .setInputFiles({ name: "interview.m4a", mimeType: "audio/mp4", buffer: Buffer.from("speech") });
  await page.getByRole("button", { name: "Transcribe 1 file" }).click();
  await page.getByRole("link", { name: "Read interview.m4a" }).click();
  await expect(page.getByText("it was the worst of times.")).toBeVisible();
  expect(service.unanswered).toEqual([]);
});

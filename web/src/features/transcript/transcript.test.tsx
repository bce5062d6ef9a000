import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type {
  DeleteJobData,
  DeleteJobResponses,
  DeleteRecordingData,
  DeleteRecordingResponses,
  DeleteTranscriptData,
  DeleteTranscriptResponses,
  ExportTranscriptData,
  ListJobsData,
  ListJobsResponses,
  ListSegmentsData,
  ReadJobData,
} from "@/api/generated";
import { renderSignedIn } from "@/testing/render-app";
import { JOB_ID, makeJob, makeSegment, makeTranscript } from "@/testing/samples";
import { answer, answerFile, refuse } from "@/testing/server";
import { giveJob, giveTranscript } from "@/testing/transcripts";

const page = `/transcript/${JOB_ID}`;

const twoSegments = [
  makeSegment({ index: 0, start: 0, end: 4, text: "It was the best of times." }),
  makeSegment({ index: 1, start: 3725, end: 3729, text: "It was the worst.", avg_logprob: -1.1 }),
];

test("the text is shown with times, and doubtful passages are marked", async () => {
  giveJob(makeJob({ warnings: ["The recording ends in the middle of a packet."] }));
  giveTranscript(makeTranscript({ segments: twoSegments }));
  renderSignedIn(page);
  const [first, second] = within(await screen.findByRole("list", { name: "Transcript" }))
    .getAllByRole("listitem")
    .map((item) => item.textContent);
  expect(first).toBe("0:00It was the best of times.");
  expect(second).toBe("1:02:05It was the worst.Low confidence");
  expect(screen.getByText("Low confidence: 1 passage")).toBeVisible();
  expect(screen.getByText("The recording ends in the middle of a packet.")).toBeVisible();
  expect(screen.getByText(/English \(detected, 98% sure\) · 10 words · Model base/)).toBeVisible();
});

test("what the engine left out is counted, and shown in its place when asked for", async () => {
  giveJob(makeJob());
  giveTranscript(
    makeTranscript({
      segments: twoSegments,
      dropped: [{ start: 20, end: 25, reason: "silence", text: "Thanks for watching!" }],
    }),
  );
  const { user } = renderSignedIn(page);
  expect(await screen.findByText(/1 passage was left out/)).toBeVisible();
  expect(screen.queryByText("Thanks for watching!")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Show it in the text" }));
  const items = within(screen.getByRole("list", { name: "Transcript" })).getAllByRole("listitem");
  expect(items[0]).toHaveTextContent("Thanks for watching! left out: no speech");
});

test("the export opens over the text, which the service writes anew for it", async () => {
  giveJob(makeJob());
  giveTranscript(makeTranscript({ revision: 3 }));
  let asked: string | null = null;
  answerFile<ExportTranscriptData>("get", "/transcripts/{job_id}/export", ({ url }) => {
    asked = new URL(url).searchParams.get("revision");
    return "It was the age of wisdom.";
  });
  const { user } = renderSignedIn(page);
  await user.click(await screen.findByRole("button", { name: "Export" }));
  expect(await screen.findByText("It was the age of wisdom.")).toBeVisible();
  expect(asked).toBe("3");
});

test("a key opens the search, which goes through the text", async () => {
  giveJob(makeJob());
  giveTranscript(makeTranscript({ segments: twoSegments }));
  const { user } = renderSignedIn(page);
  await screen.findByText(/Low confidence: 1/);
  await user.keyboard("{Control>}f{/Control}");
  const field = await screen.findByRole("searchbox", { name: "Find in this transcript" });
  await waitFor(() => {
    expect(field).toHaveFocus();
  });
  await user.type(field, "it was the");
  expect(await screen.findByText("2 places")).toBeVisible();
  await user.type(field, "{Enter}");
  expect(await screen.findByText("1 of 2")).toBeVisible();
});

test("an earlier revision is read only, until one goes back to the newest", async () => {
  giveJob(makeJob());
  giveTranscript(makeTranscript({ revision: 4 }));
  const { user, router } = renderSignedIn(`${page}?revision=2`);
  expect(await screen.findByText("You are reading revision 2")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Undo" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("link", { name: "Go to the newest" }));
  await waitFor(() => {
    expect(router.state.location.href).toBe(page);
  });
  expect(screen.queryByText("You are reading revision 2")).not.toBeInTheDocument();
  expect(await screen.findByRole("button", { name: "Undo" })).toBeVisible();
});

test("other transcriptions of the recording are one choice away", async () => {
  giveJob(makeJob());
  giveTranscript(makeTranscript());
  const other = makeJob({ id: "f".repeat(32), model: "small", task: "translate" });
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, ({ url }) => {
    expect(new URL(url).searchParams.get("recording_id")).toBe(other.recording_id);
    return { items: [makeJob(), other], next_cursor: null, total: 2 };
  });
  const { user } = renderSignedIn(page);
  await user.click(
    await screen.findByRole("button", { name: "2 transcriptions of this recording" }),
  );
  const item = await screen.findByRole("menuitem", { name: /Model small.*Translated/ });
  expect(item).toHaveAttribute("href", `/transcript/${other.id}`);
  expect(screen.getByRole("menuitem", { name: /Model base/ })).toHaveAttribute(
    "aria-current",
    "page",
  );
});

test("the text alone can be deleted, and the job says so", async () => {
  giveJob(makeJob());
  giveTranscript(makeTranscript());
  const { user } = renderSignedIn(page);
  await user.click(await screen.findByRole("button", { name: "Actions for interview.m4a" }));
  const download = await screen.findByRole("menuitem", { name: "Download the recording" });
  expect(download).toHaveAttribute("href", expect.stringMatching(/\/media\?download=true$/));
  await user.click(screen.getByRole("menuitem", { name: "Delete only the transcript" }));
  answer<DeleteTranscriptData, DeleteTranscriptResponses>(
    "delete",
    "/transcripts/{job_id}",
    204,
    () => {
      giveJob(makeJob({ has_transcript: false }));
    },
  );
  await user.click(await screen.findByRole("button", { name: "Delete the transcript" }));
  expect(await screen.findByText("The transcript was deleted")).toBeVisible();
});

test("an unfinished job shows its progress and then the text by itself", async () => {
  giveJob(makeJob({ state: "running", progress: 0.5, eta_seconds: 20 }));
  giveTranscript(makeTranscript());
  renderSignedIn(page);
  expect(await screen.findByText("The transcript is on its way")).toBeVisible();
  expect(screen.getByText("50% done · about 20 sec left")).toBeVisible();
  giveJob(makeJob());
  expect(await screen.findByText("It was the best of times.")).toBeVisible();
});

test("a failed job gives its reason instead of a text", async () => {
  const error = { code: "no_audio", message: "film.mp4 has no audio track." };
  giveJob(makeJob({ state: "failed", error }));
  renderSignedIn(page);
  expect(await screen.findByText("This recording could not be transcribed")).toBeVisible();
  expect(screen.getByText("film.mp4 has no audio track.")).toBeVisible();
});

test("silence is a result of its own", async () => {
  giveJob(makeJob());
  giveTranscript(makeTranscript({ segments: [] }));
  renderSignedIn(page);
  expect(await screen.findByText("No speech was found")).toBeVisible();
});

test("an unknown transcript says so in the service's sentence", async () => {
  refuse<ReadJobData>("get", "/jobs/{job_id}", {
    status: 404,
    code: "job_not_found",
    detail: "There is no such job.",
  });
  renderSignedIn(page);
  expect(await screen.findByRole("alert")).toHaveTextContent("There is no such job.");
});

test("a text that cannot be loaded is tried again on request", async () => {
  giveJob(makeJob());
  giveTranscript(makeTranscript());
  refuse<ListSegmentsData>("get", "/transcripts/{job_id}/segments", {
    status: 410,
    code: "transcript_deleted",
    detail: "The transcript of this job was deleted.",
  });
  const { user } = renderSignedIn(page);
  expect(await screen.findByRole("alert")).toHaveTextContent("was deleted");
  giveTranscript(makeTranscript());
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("It was the best of times.")).toBeVisible();
});

test("the recording can be deleted here, and its transcript stays to be read", async () => {
  giveJob(makeJob());
  giveTranscript(makeTranscript());
  const { user } = renderSignedIn(page);
  await user.click(await screen.findByRole("button", { name: "Actions for interview.m4a" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete only the recording" }));
  answer<DeleteRecordingData, DeleteRecordingResponses>(
    "delete",
    "/jobs/{job_id}/recording",
    204,
    () => {
      giveJob(makeJob({ has_audio: false }));
    },
  );
  await user.click(await screen.findByRole("button", { name: "Delete the recording" }));
  expect(await screen.findByText(/Model base · Recording deleted/)).toBeVisible();
  expect(screen.getByText("It was the best of times.")).toBeVisible();
});

test("a failed job without its recording says what to do", async () => {
  giveJob(makeJob({ state: "failed", has_audio: false }));
  renderSignedIn(page);
  expect(await screen.findByText(/send it again to transcribe it/)).toBeVisible();
});

test("deleting the job leads back to the library", async () => {
  giveJob(makeJob());
  giveTranscript(makeTranscript());
  const { user, router } = renderSignedIn(page);
  await user.click(await screen.findByRole("button", { name: "Actions for interview.m4a" }));
  await user.click(await screen.findByRole("menuitem", { name: "Delete" }));
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, {
    items: [],
    next_cursor: null,
    total: 0,
  });
  answer<DeleteJobData, DeleteJobResponses>("delete", "/jobs/{job_id}", 204, () => {
    refuse<ReadJobData>("get", "/jobs/{job_id}", {
      status: 404,
      code: "job_not_found",
      detail: "There is no such job.",
    });
  });
  await user.click(await screen.findByRole("button", { name: "Delete for good" }));
  expect(await screen.findByText("Nothing transcribed yet")).toBeVisible();
  expect(router.state.location.pathname).toBe("/library");
});

import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type {
  BundleRequest,
  CancelJobData,
  DeleteJobData,
  DeleteJobResponses,
  ExportTranscriptsData,
  JobRead,
  ListJobsData,
  ListJobsResponses,
  ListTagsData,
  ListTagsResponses,
  ReadTagsData,
  ReadTagsResponses,
  RetryJobData,
  RetryJobResponses,
  SetTagsData,
  SetTagsResponses,
} from "@/api/generated";
import { renderSignedIn } from "@/testing/render-app";
import { makeJob } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";

const id = (digit: number) => String(digit).repeat(32);
const jobs = [1, 2, 3, 4].map((digit) => makeJob({ id: id(digit), name: `${digit}.wav` }));

function listJobs(items: readonly JobRead[]): void {
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, {
    items: [...items],
    next_cursor: null,
    total: items.length,
  });
}

const readId = (request: Request) => /[0-9a-f]{32}/.exec(request.url)?.[0] ?? "";
const box = (name: string) => screen.getByRole("checkbox", { name: `Choose ${name}` });

async function open(items: readonly JobRead[] = jobs) {
  listJobs(items);
  answer<ListTagsData, ListTagsResponses>("get", "/transcripts/tags", 200, {
    items: [{ tag: "work", transcripts: 2 }],
    next_after: null,
  });
  const app = renderSignedIn("/library");
  await screen.findByRole("link", { name: items[0]?.name ?? "" });
  return app;
}

test("rows are chosen one by one, in ranges and all together", async () => {
  const { user } = await open();
  await user.click(box("2.wav"));
  await user.keyboard("{Shift>}");
  await user.click(box("4.wav"));
  await user.keyboard("{/Shift}");
  expect(box("3.wav")).toBeChecked();
  expect(box("1.wav")).not.toBeChecked();
  expect(screen.getByText("3 chosen")).toBeVisible();
  const all = screen.getByRole("checkbox", { name: "Choose all that are shown" });
  await user.click(all);
  expect(screen.getByText("4 chosen")).toBeVisible();
  await user.click(all);
  expect(screen.queryByText(/chosen/)).not.toBeInTheDocument();
});

test("what cannot be deleted is named with its reason, the others go", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("checkbox", { name: "Choose all that are shown" }));
  await user.click(screen.getByRole("button", { name: "Delete (4)" }));
  refuse<DeleteJobData>("delete", "/jobs/{job_id}", {
    status: 503,
    code: "unavailable",
    detail: "The storage is away.",
  });
  for (const done of [id(1), id(2), id(4)]) {
    answer<DeleteJobData, DeleteJobResponses>(
      "delete",
      `/jobs/${done}` as DeleteJobData["url"],
      204,
      () => {
        listJobs(jobs.slice(2, 3));
      },
    );
  }
  await user.click(await screen.findByRole("button", { name: "Delete for good" }));
  const report = within(await screen.findByRole("alert"));
  expect(report.getByText("3 deleted.")).toBeVisible();
  expect(report.getByText("1 could not:")).toBeVisible();
  expect(report.getByText("3.wav: The storage is away.")).toBeVisible();
  await waitFor(() => {
    expect(screen.queryByRole("link", { name: "1.wav" })).not.toBeInTheDocument();
  });
  expect(screen.getByRole("link", { name: "3.wav" })).toBeVisible();
  await user.click(report.getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

test("each thing is offered for those that it can be done to", async () => {
  const { user } = await open([
    makeJob({ id: id(1), name: "1.wav", state: "queued", has_transcript: false }),
    makeJob({ id: id(2), name: "2.wav", state: "failed", has_transcript: false }),
    makeJob({ id: id(3), name: "3.wav", state: "failed", has_transcript: false, has_audio: false }),
  ]);
  await user.click(screen.getByRole("checkbox", { name: "Choose all that are shown" }));
  expect(screen.queryByRole("button", { name: /^(Tags|Export) \(/ })).not.toBeInTheDocument();
  refuse<CancelJobData>("post", "/jobs/{job_id}/cancel", {
    status: 409,
    code: "job_state",
    detail: "The job has ended.",
  });
  await user.click(screen.getByRole("button", { name: "Cancel (1)" }));
  await user.click(await screen.findByRole("button", { name: "Cancel them" }));
  expect(await screen.findByText("1.wav: The job has ended.")).toBeVisible();
  answer<RetryJobData, RetryJobResponses>("post", "/jobs/{job_id}/retry", 200, (request) =>
    makeJob({ id: readId(request), state: "queued" }),
  );
  await user.click(screen.getByRole("checkbox", { name: "Choose all that are shown" }));
  await user.click(screen.getByRole("button", { name: "Try again (1)" }));
  expect(await screen.findByText("1 tried again.")).toBeVisible();
});

test("tags are added to what each transcript has now, and taken from it", async () => {
  const { user } = await open(jobs.slice(0, 2).map((job) => ({ ...job, tags: ["old"] })));
  await user.click(screen.getByRole("checkbox", { name: "Choose all that are shown" }));
  await user.click(screen.getByRole("button", { name: "Tags (2)" }));
  answer<ReadTagsData, ReadTagsResponses>("get", "/transcripts/{job_id}/tags", 200, {
    tags: ["Elsewhere", "OLD"],
  });
  const sent: string[][] = [];
  answer<SetTagsData, SetTagsResponses>(
    "put",
    "/transcripts/{job_id}/tags",
    200,
    async (request) => {
      const body = (await request.json()) as SetTagsData["body"];
      sent.push(body.tags);
      return { tags: body.tags };
    },
  );
  await user.type(await screen.findByRole("combobox", { name: "Add" }), "new{Enter}");
  await user.click(screen.getByRole("checkbox", { name: "old" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByText("2 tagged.")).toBeVisible();
  expect(sent).toEqual([
    ["Elsewhere", "new"],
    ["Elsewhere", "new"],
  ]);
});

test("the chosen transcripts are written into the file as they arrive", async () => {
  const written: Uint8Array[] = [];
  const write = (chunk: Uint8Array) => void written.push(chunk);
  const ask = vi.fn(() =>
    Promise.resolve({ createWritable: () => Promise.resolve(new WritableStream({ write })) }),
  );
  vi.stubGlobal("showSaveFilePicker", ask);
  const { user } = await open();
  await user.click(box("1.wav"));
  await user.click(box("2.wav"));
  await user.click(screen.getByRole("button", { name: "Export (2)" }));
  let asked: BundleRequest | undefined;
  answer<ExportTranscriptsData, Record<200, object>>(
    "post",
    "/transcripts/export",
    200,
    async (request) => {
      asked = (await request.json()) as BundleRequest;
      return { zip: true };
    },
  );
  await user.click(await screen.findByRole("combobox", { name: "Format" }));
  await user.click(await screen.findByRole("option", { name: "SubRip subtitles (.srt)" }));
  await user.click(screen.getByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
  expect(asked).toEqual({ job_ids: [id(1), id(2)], format: "srt" });
  expect(ask).toHaveBeenCalledWith({ suggestedName: "transcripts.zip" });
  expect(new TextDecoder().decode(written[0])).toBe('{"zip":true}');
  vi.unstubAllGlobals();
});

test("an export that is refused says why, and one that nobody wants is none", async () => {
  const ask = vi.fn(() => Promise.reject(new DOMException("No.", "AbortError")));
  vi.stubGlobal("showSaveFilePicker", ask);
  refuse<ExportTranscriptsData>("post", "/transcripts/export", {
    status: 429,
    code: "too_many_exports",
    detail: "There are too many exports at once.",
  });
  const { user } = await open();
  await user.click(box("1.wav"));
  await user.click(screen.getByRole("button", { name: "Export (1)" }));
  await user.click(await screen.findByRole("button", { name: "Save" }));
  await waitFor(() => {
    expect(ask).toHaveBeenCalled();
  });
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  vi.unstubAllGlobals();
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("too many files made at once");
});

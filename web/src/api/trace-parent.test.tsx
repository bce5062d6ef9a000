import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { defaultChoices } from "@/components/jobs/job-choices";
import { uploadService } from "@/features/transcribe/sending/upload-service";
import { renderApp } from "@/testing/render-app";
import { ada, makeAcceptedJob } from "@/testing/samples";
import { answer, refuse, server } from "@/testing/server";
import {
  type CreateJobData,
  type CreateJobResponses,
  type GetMeData,
  type GetMeResponses,
  listJobs,
  type ListJobsData,
  type ListJobsResponses,
  type SendChunkData,
  type SendChunkResponses,
} from "./generated";
import { ProblemError } from "./problem";
import { TRACE_PARENT, traceRequests } from "./trace-parent";

const FORM = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/;

/** The headers of the requests for jobs, one by one. */
function watchJobs(): (string | null)[] {
  const seen: (string | null)[] = [];
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, (request) => {
    seen.push(request.headers.get(TRACE_PARENT));
    return { items: [], next_cursor: null, total: 0 };
  });
  return seen;
}

test("while the service traces, each request begins a trace of its own", async () => {
  const seen = watchJobs();
  traceRequests(true);
  for (let count = 0; count < 20; count += 1) await listJobs({ throwOnError: true });
  for (const each of seen) expect(each).toMatch(FORM);
  expect(new Set(seen.map((each) => FORM.exec(each ?? "")?.[1])).size).toBe(20);
  expect(new Set(seen.map((each) => FORM.exec(each ?? "")?.[2])).size).toBe(20);
});

test("it is told nothing where it does not, or no longer", async () => {
  const seen = watchJobs();
  await listJobs({ throwOnError: true });
  traceRequests(true);
  traceRequests(false);
  await listJobs({ throwOnError: true });
  expect(seen).toEqual([null, null]);
});

test.each([true, false])("a recording that is sent is traced as the rest: %s", async (isOn) => {
  const seen: (string | null)[] = [];
  answer<CreateJobData, CreateJobResponses>("post", "/jobs/", 201, (request) => {
    seen.push(request.headers.get(TRACE_PARENT));
    return makeAcceptedJob();
  });
  traceRequests(isOn);
  const { signal } = new AbortController();
  const file = new File(["speech"], "a.wav");
  const whole = { key: "k", file, choices: defaultChoices };
  await uploadService.sendWhole(whole, () => undefined, signal);
  answer<SendChunkData, SendChunkResponses>(
    "put",
    "/uploads/{upload_id}/chunks/{number}",
    200,
    (request) => {
      seen.push(request.headers.get(TRACE_PARENT));
      return { upload_id: "u", number: 0, sha256: "5".repeat(64), size_bytes: 1 };
    },
  );
  const chunk = { uploadId: "u", number: 0, body: new Blob(["x"]), digest: undefined };
  await uploadService.sendChunk(chunk, () => undefined, signal);
  expect(seen.map((each) => FORM.test(each ?? ""))).toEqual([isOn, isOn]);
});

test.each([true, false])("the page goes by what the service says: %s", async (isTraced) => {
  let asked: string | null | undefined;
  answer<GetMeData, GetMeResponses>("get", "/auth/me", 200, (request) => {
    asked = request.headers.get(TRACE_PARENT);
    return { ...ada, is_traced: isTraced };
  });
  const seen = watchJobs();
  renderApp("/library");
  await waitFor(() => {
    expect(seen).not.toEqual([]);
  });
  expect(asked).toBeNull();
  expect(seen.every((each) => FORM.test(each ?? ""))).toBe(isTraced);
});

test("a fault is shown with what names it in the log and the traces", async () => {
  let sent: string | undefined;
  answer<GetMeData, GetMeResponses>("get", "/auth/me", 200, { ...ada, is_traced: true });
  refuse<ListJobsData>("get", "/jobs/", {
    ...{ status: 500, code: "internal", detail: "It could not be answered.", request_id: "r-123" },
  });
  server.events.on("request:start", ({ request }) => {
    if (/\/jobs\/(\?|$)/.test(request.url)) {
      sent = FORM.exec(request.headers.get(TRACE_PARENT) ?? "")?.[1];
    }
  });
  renderApp("/library");
  expect(await screen.findByText("r-123")).toBeVisible();
  expect(screen.getByText(sent ?? "nothing was sent")).toBeVisible();
});

test("a refusal names its trace, and an answer that never came does", async () => {
  refuse<ListJobsData>("get", "/jobs/", { status: 422, code: "invalid", detail: "No." });
  traceRequests(true);
  const { error } = await listJobs({});
  expect(error).toBeInstanceOf(ProblemError);
  expect((error as unknown as ProblemError).traceId).toMatch(/^[0-9a-f]{32}$/);
  traceRequests(false);
  expect(((await listJobs({})).error as unknown as ProblemError).traceId).toBeUndefined();
});

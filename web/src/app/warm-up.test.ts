import { createMemoryHistory } from "@tanstack/react-router";
import { afterEach, expect, test, vi } from "vitest";
import type { GetMeData, GetMeResponses } from "@/api/generated";
import { ada, JOB_ID, makeTranscript } from "@/testing/samples";
import { answer, server } from "@/testing/server";
import { giveFinished } from "@/testing/transcripts";
import { createSession } from "./session";
import { warmUp } from "./warm-up";

afterEach(() => {
  server.events.removeAllListeners();
});

/** What is asked of the service for a page before any of it is shown. */
function warmUpAt(page: string): string[] {
  const asked: string[] = [];
  server.events.on("request:start", ({ request }) => {
    asked.push(new URL(request.url).pathname.replace(JOB_ID, "job"));
  });
  warmUp(createSession(createMemoryHistory({ initialEntries: [page] })).router);
  return asked;
}

test("whose account it is and the text that is shown first are asked for side by side", async () => {
  answer<GetMeData, GetMeResponses>("get", "/auth/me", 200, ada);
  giveFinished(makeTranscript());
  const asked = warmUpAt(`/transcript/${JOB_ID}`);
  await vi.waitFor(() => {
    expect(asked).toHaveLength(4);
  });
  expect(asked.slice(0, 2)).toEqual(["/auth/me", "/jobs/job"]);
  expect(asked.slice(2).sort()).toEqual(["/transcripts/job/overview", "/transcripts/job/segments"]);
});

test("of a page that anybody may see nothing is asked for", async () => {
  const asked = warmUpAt("/sign-in");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toEqual([]);
});

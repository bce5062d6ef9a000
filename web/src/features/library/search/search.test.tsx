import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type {
  HitRead,
  ListJobsData,
  ListJobsResponses,
  SearchTranscriptsData,
  SearchTranscriptsResponses,
} from "@/api/generated";
import { renderSignedIn } from "@/testing/render-app";
import { JOB_ID, makeJob } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";

const OTHER = "9".repeat(32);

function makeHit(change: Partial<HitRead> = {}): HitRead {
  return {
    job_id: JOB_ID,
    name: "interview.m4a",
    language: "en",
    created_at: "2026-11-22T10:00:09Z",
    segment_index: 1,
    start: 83.2,
    end: 88,
    speaker: null,
    text: "🎩 The best of times.",
    highlights: [{ offset: 6, length: 4 }],
    ...change,
  };
}

/** Answers searches; gives what was asked for. */
function find(...items: HitRead[]): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  answer<SearchTranscriptsData, SearchTranscriptsResponses>(
    "get",
    "/transcripts/search",
    200,
    (request) => {
      asked.push(new URL(request.url).searchParams);
      return { items, next_cursor: null };
    },
  );
  return asked;
}

async function open(page = "/library") {
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, {
    items: [makeJob()],
    next_cursor: null,
    total: 1,
  });
  const app = renderSignedIn(page);
  return { ...app, field: await screen.findByRole("searchbox") };
}

test("what is typed is searched for after a pause, and shown transcript by transcript", async () => {
  const asked = find(
    makeHit(),
    makeHit({ segment_index: 2, start: 90, text: "Best.", highlights: [] }),
    makeHit({ job_id: OTHER, name: "lecture.mp3", start: 5 }),
  );
  const { user, field, router } = await open();
  await user.type(field, "best");
  const results = within(await screen.findByRole("region", { name: "Passages found" }));
  expect(results.getByText("3 passages")).toBeVisible();
  expect(results.getAllByRole("heading").map((each) => each.textContent)).toEqual([
    "interview.m4a",
    "lecture.mp3",
  ]);
  expect(results.getAllByText("best", { selector: "mark" })).toHaveLength(2);
  expect(results.getByRole("link", { name: /1:23.*The best of times/ })).toHaveAttribute(
    "href",
    `/transcript/${JOB_ID}?at=83.2`,
  );
  expect(router.state.location.search).toEqual({ q: "best" });
  expect(asked.map((each) => each.get("q"))).toEqual(["best"]);
});

test("arrows walk through the passages, and Escape leads back and clears", async () => {
  find(makeHit(), makeHit({ segment_index: 2, start: 90, text: "Again." }));
  const { user, field } = await open("/library?q=best");
  await screen.findByText("2 passages");
  await user.click(field);
  await user.keyboard("{ArrowDown}");
  expect(screen.getByRole("link", { name: /best of times/ })).toHaveFocus();
  await user.keyboard("{ArrowDown}");
  expect(screen.getByRole("link", { name: /Again/ })).toHaveFocus();
  await user.keyboard("{ArrowUp}{ArrowUp}");
  expect(field).toHaveFocus();
  await user.keyboard("{ArrowDown}{Escape}");
  expect(field).toHaveFocus();
  await user.keyboard("{Escape}");
  expect(field).toHaveValue("");
  expect(await screen.findByRole("link", { name: "interview.m4a" })).toBeVisible();
});

test("the key / leads to the search unless it is switched off", async () => {
  const { user, field } = await open();
  await screen.findByRole("link", { name: "interview.m4a" });
  await user.keyboard("/");
  expect(field).toHaveFocus();
  await user.keyboard("/");
  expect(field).toHaveValue("/");
  await user.clear(field);
  await user.click(screen.getByRole("button", { name: "How to search" }));
  await user.click(await screen.findByRole("switch", { name: /The key/ }));
  await user.keyboard("{Escape}");
  await waitFor(() => {
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
  await user.keyboard("/");
  expect(field).not.toHaveFocus();
});

test("filters narrow a search, and what is not found can be looked for in the names", async () => {
  const asked = find();
  const { user, router } = await open("/library?q=whale&language=de&from=2026-03-01");
  expect(await screen.findByText("Nobody said that")).toBeVisible();
  expect(screen.getByText(/what the filters leave/)).toBeVisible();
  expect(asked[0]?.get("language")).toBe("de");
  expect(asked[0]?.get("created_from")).toBe(new Date("2026-03-01T00:00:00").toISOString());
  await user.click(screen.getByRole("button", { name: "Look for it in the names" }));
  expect(router.state.location.search).toEqual({
    name: "whale",
    language: "de",
    from: "2026-03-01",
  });
});

test("what cannot be searched for is explained, and a failure can be tried again", async () => {
  refuse<SearchTranscriptsData>("get", "/transcripts/search", {
    status: 422,
    code: "empty_search",
    detail: "There is no word to look for.",
  });
  const { user, field } = await open("/library?q=-draft");
  expect(await screen.findByText(/Write a word that shall be there/)).toBeVisible();
  refuse<SearchTranscriptsData>("get", "/transcripts/search", {
    status: 500,
    code: "internal",
    detail: "The database did not answer.",
  });
  await user.type(field, " tea{Enter}");
  expect(await screen.findByText("The database did not answer.")).toBeVisible();
  find(makeHit());
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("1 passage")).toBeVisible();
});

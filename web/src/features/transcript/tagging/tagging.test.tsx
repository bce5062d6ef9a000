import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  ListTagsData,
  ListTagsResponses,
  ReadTagsData,
  ReadTagsResponses,
  SetTagsData,
  SetTagsResponses,
} from "@/api/generated";
import { renderPart } from "@/testing/render-part";
import { JOB_ID } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";
import { TagLine } from "./TagLine";

const url = "/transcripts/{job_id}/tags";

function giveTags(...tags: string[]): void {
  answer<ReadTagsData, ReadTagsResponses>("get", url, 200, { tags });
}

function acceptTags(): unknown[] {
  const asked: unknown[] = [];
  answer<SetTagsData, SetTagsResponses>("put", url, 200, async (request) => {
    const body = (await request.json()) as { tags: string[] };
    asked.push(body.tags);
    giveTags(...body.tags);
    return { tags: body.tags };
  });
  return asked;
}

function shownTags(): string[] {
  const list = screen.queryByRole("list", { name: "Tags" });
  return list
    ? within(list)
        .getAllByRole("listitem")
        .map((item) => item.textContent)
    : [];
}

beforeEach(() => {
  answer<ListTagsData, ListTagsResponses>("get", "/transcripts/tags", 200, {
    items: [
      { tag: "work", transcripts: 2 },
      { tag: "Board meeting", transcripts: 5 },
    ],
    next_after: null,
  });
});

test("a tag is added by typing it", async () => {
  giveTags("work");
  const asked = acceptTags();
  const { user } = renderPart(<TagLine jobId={JOB_ID} />);
  await user.click(await screen.findByRole("button", { name: "Add a tag" }));
  await user.type(await screen.findByRole("combobox", { name: "Tag" }), "2026{Enter}");
  await waitFor(() => {
    expect(shownTags()).toEqual(["work", "2026"]);
  });
  expect(asked).toEqual([["work", "2026"]]);
  expect(screen.getByRole("button", { name: "Add a tag" })).toHaveFocus();
});

test("tags of other transcripts are suggested, those it has are not", async () => {
  giveTags("WORK");
  const asked = acceptTags();
  const { user } = renderPart(<TagLine jobId={JOB_ID} />);
  await user.click(await screen.findByRole("button", { name: "Add a tag" }));
  await user.click(await screen.findByRole("combobox", { name: "Tag" }));
  const options = await screen.findAllByRole("option");
  expect(options.map((option) => option.textContent)).toEqual(["Board meeting"]);
  await user.click(screen.getByRole("option", { name: "Board meeting" }));
  await waitFor(() => {
    expect(asked).toEqual([["WORK", "Board meeting"]]);
  });
});

test("a tag is taken away at once", async () => {
  giveTags("a", "b");
  const asked = acceptTags();
  const { user } = renderPart(<TagLine jobId={JOB_ID} />);
  await user.click(await screen.findByRole("button", { name: "Remove the tag a" }));
  await waitFor(() => {
    expect(shownTags()).toEqual(["b"]);
  });
  expect(asked).toEqual([["b"]]);
});

test("a refused change is taken back, with the reason", async () => {
  giveTags("a");
  refuse<SetTagsData>("put", url, { status: 422, code: "invalid", detail: "Too many tags." });
  const { user } = renderPart(<TagLine jobId={JOB_ID} />);
  await user.click(await screen.findByRole("button", { name: "Remove the tag a" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Too many tags.");
  await waitFor(() => {
    expect(shownTags()).toEqual(["a"]);
  });
});

test("a full list offers no more, and one that failed says so", async () => {
  giveTags(...Array.from({ length: 32 }, (_, place) => `tag ${place}`));
  const { rerender } = renderPart(<TagLine jobId={JOB_ID} />);
  expect(await screen.findByText("tag 31")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Add a tag" })).not.toBeInTheDocument();
  refuse<ReadTagsData>("get", url, { status: 500, code: "internal", detail: "Broken." });
  rerender(<TagLine jobId={"f".repeat(32)} />);
  expect(await screen.findByRole("alert")).toHaveTextContent("Broken.");
});

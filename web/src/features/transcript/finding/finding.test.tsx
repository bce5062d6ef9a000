import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type {
  ReplaceInTranscriptData,
  ReplaceInTranscriptResponses,
  RestoreRevisionData,
  RestoreRevisionResponses,
  SegmentRead,
  TextReplacement,
} from "@/api/generated";
import { openTranscript } from "@/testing/open-transcript";
import { renderPart } from "@/testing/render-part";
import { makeSegment } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";
import { FindPanel } from "./FindPanel";

const replaceUrl = "/transcripts/{job_id}/replace";
const restoreUrl = "/transcripts/{job_id}/revisions/{number}/restore";

const rows: (SegmentRead | undefined)[] = [
  makeSegment({ index: 0, start: 0, end: 4, text: "It was the best of times." }),
  makeSegment({ index: 1, start: 4, end: 8, text: "It was the worst of times." }),
  makeSegment({ index: 2, start: 8, end: 12, text: "It was the age of wisdom." }),
];

function acceptReplacement(): TextReplacement[] {
  const asked: TextReplacement[] = [];
  answer<ReplaceInTranscriptData, ReplaceInTranscriptResponses>(
    "post",
    replaceUrl,
    200,
    async (request) => {
      const body = (await request.json()) as TextReplacement;
      asked.push(body);
      return {
        revision: body.dry_run ? body.revision : body.revision + 1,
        replacements: 3,
        segments: 2,
        preview: [
          { index: 0, before: "The best, the best.", after: "The rest, the rest." },
          { index: 1, before: "Best", after: "" },
        ],
      };
    },
  );
  return asked;
}

function show(transcript = openTranscript()) {
  const part = (newest: number) => (
    <FindPanel transcript={{ ...transcript, newest, revision: newest }} rows={rows} />
  );
  const app = renderPart(part(transcript.newest));
  transcript.reload.mockImplementation((revision: number) => {
    app.rerender(part(revision));
    return Promise.resolve();
  });
  return { ...app, transcript };
}

const field = () => screen.getByRole("searchbox", { name: "Find in this transcript" });

test("places are counted and gone to one after the other, round the whole text", async () => {
  const { user, transcript } = show();
  await user.type(field(), "was the");
  expect(await screen.findByText("3 places")).toBeVisible();
  expect(transcript.reveal).not.toHaveBeenCalled();
  const steps = [
    ["{Enter}", "1 of 3", 0],
    ["{Enter}", "2 of 3", 1],
    ["{Shift>}{Enter}{/Shift}", "1 of 3", 0],
    ["{Shift>}{Enter}{/Shift}", "3 of 3", 2],
    ["{Enter}", "1 of 3", 0],
  ] as const;
  for (const [keys, said, index] of steps) {
    await user.type(field(), keys);
    expect(await screen.findByText(said)).toBeVisible();
    expect(transcript.reveal).toHaveBeenLastCalledWith(expect.objectContaining({ index }));
  }
  await user.click(screen.getByRole("button", { name: "Next place" }));
  expect(screen.getByText("2 of 3")).toBeVisible();
});

test("the first step leads to where one reads", async () => {
  const { user } = show();
  const row = document.createElement("div");
  row.dataset["segment"] = "1";
  row.getBoundingClientRect = () => new DOMRect(0, 100, 600, 40);
  document.body.append(row);
  await user.type(field(), "times");
  await screen.findByText("2 places");
  await user.click(screen.getByRole("button", { name: "Next place" }));
  expect(screen.getByText("2 of 2")).toBeVisible();
  row.remove();
});

test("nothing found is told, and options narrow it down", async () => {
  const { user } = show();
  await user.type(field(), "IT WAS");
  expect(await screen.findByText("3 places")).toBeVisible();
  await user.click(screen.getByRole("checkbox", { name: "Match upper and lower case" }));
  expect(await screen.findByText("Nothing found.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Next place" })).toBeDisabled();
});

test("a replacement is seen first, then done, then undone", async () => {
  const asked = acceptReplacement();
  const transcript = openTranscript({ newest: 4 });
  const { user } = show(transcript);
  await user.type(field(), "best");
  await user.type(screen.getByRole("textbox", { name: "Replace with" }), "rest");
  await user.click(screen.getByRole("button", { name: "Show what would change" }));
  expect(await screen.findByText("3 places would change. Passages concerned: 2.")).toBeVisible();
  const list = within(screen.getByRole("list", { name: "Passages before and after" }));
  const [first, second] = list.getAllByRole("listitem");
  expect(first?.querySelectorAll("del")).toHaveLength(2);
  expect(first).toHaveTextContent("After: The rest, the rest.");
  expect(second).toHaveTextContent("After: The passage is removed");

  await user.click(screen.getByRole("button", { name: "Replace 3 places" }));
  expect(await screen.findByText("3 places were replaced.")).toBeVisible();
  const wish = { find: "best", replacement: "rest", match_case: false, whole_words: false };
  expect(asked).toEqual([
    { ...wish, revision: 4, dry_run: true },
    { ...wish, revision: 4 },
  ]);
  expect(transcript.reload).toHaveBeenLastCalledWith(5);

  let restored: unknown;
  answer<RestoreRevisionData, RestoreRevisionResponses>(
    "post",
    restoreUrl,
    200,
    async (request) => {
      restored = [new URL(request.url).pathname.split("/").at(-2), await request.json()];
      return { revision: 6 };
    },
  );
  await user.click(screen.getByRole("button", { name: "Undo the replacement" }));
  await waitFor(() => {
    expect(transcript.reload).toHaveBeenLastCalledWith(6);
  });
  expect(restored).toEqual(["4", { revision: 5 }]);
  expect(screen.queryByText("3 places were replaced.")).not.toBeInTheDocument();
});

test("a preview is no longer offered once another thing is asked for", async () => {
  acceptReplacement();
  const { user } = show();
  await user.type(field(), "best");
  await user.click(screen.getByRole("button", { name: "Show what would change" }));
  await screen.findByRole("button", { name: "Replace 3 places" });
  await user.type(field(), "s");
  expect(screen.queryByRole("button", { name: "Replace 3 places" })).not.toBeInTheDocument();
});

test("a text that was changed elsewhere is not replaced in", async () => {
  acceptReplacement();
  const { user, transcript } = show();
  await user.type(field(), "best");
  await user.click(screen.getByRole("button", { name: "Show what would change" }));
  refuse<ReplaceInTranscriptData>("post", replaceUrl, {
    status: 409,
    code: "revision_conflict",
    detail: "The transcript was changed meanwhile.",
  });
  await user.click(await screen.findByRole("button", { name: "Replace 3 places" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Nothing was replaced");
  expect(transcript.reload).not.toHaveBeenCalled();
});

test("an earlier revision can be searched and not changed", () => {
  const transcript = openTranscript({ newest: 3, revision: 1 });
  renderPart(<FindPanel transcript={transcript} rows={rows} />);
  expect(field()).toBeVisible();
  expect(screen.queryByRole("textbox", { name: "Replace with" })).not.toBeInTheDocument();
});

test("what is still loading is said", async () => {
  const { user } = renderPart(
    <FindPanel transcript={openTranscript()} rows={[rows[0], undefined]} />,
  );
  await user.type(field(), "best");
  expect(await screen.findByText(/1 place.*still loading/)).toBeVisible();
});

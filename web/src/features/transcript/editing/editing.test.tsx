import { screen, waitFor, within } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type { EditTranscriptData } from "@/api/generated";
import { takeEdits } from "@/testing/edits";
import { fakeMedia } from "@/testing/fake-media";
import { renderSignedIn } from "@/testing/render-app";
import { JOB_ID, makeSegment, makeTranscript } from "@/testing/samples";
import { disconnect, refuse } from "@/testing/server";
import { giveFinished } from "@/testing/transcripts";

const page = `/transcript/${JOB_ID}`;
const segments = [
  makeSegment({ index: 0, start: 0, end: 4, text: "It was the best of times." }),
  makeSegment({ index: 1, start: 4, end: 8, text: "It was the wurst of times." }),
];

// The screen is loaded when it is asked for, which takes its time on a busy machine.
beforeAll(async () => {
  await import("../TranscriptScreen");
}, 120_000);

beforeEach(() => {
  fakeMedia();
});

async function open() {
  giveFinished(makeTranscript({ segments }));
  const app = renderSignedIn(page);
  await screen.findByRole("list", { name: "Transcript" });
  return app;
}

const field = () => screen.findByRole("textbox", { name: "Text of the passage at 0:04" });

test("a word is corrected by a double press and saved by itself", async () => {
  const { user } = await open();
  const worst = { start: 4, end: 8, text: "It was the worst of times." };
  const asked = takeEdits({ added: [worst], removed: [1] });
  await user.dblClick(screen.getByText("It was the wurst of times."));
  const text = await field();
  await user.clear(text);
  await user.type(text, "It was the worst of times.");
  expect(screen.getByText("Not saved yet")).toBeVisible();
  expect(await screen.findByText("Saved")).toBeVisible();
  expect(asked).toEqual([
    {
      revision: 0,
      operations: [{ op: "set_text", segment: 1, text: "It was the worst of times." }],
    },
  ]);
  await user.keyboard("{Enter}");
  expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
  expect(screen.getByText("It was the worst of times.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Undo" }));
  expect(screen.getByText("It was the wurst of times.")).toBeVisible();
  await waitFor(() => {
    expect(asked[1]).toEqual({
      revision: 1,
      operations: [{ op: "set_text", segment: 10, text: "It was the wurst of times." }],
    });
  });
});

test("keys lead from text to text, cut and join", async () => {
  const { user } = await open();
  const wurst = { start: 4, end: 8, text: "It was the wurst of times." };
  takeEdits({ added: [{ end: 4 }, wurst], removed: [0, 1] });
  const items = () =>
    within(screen.getByRole("list", { name: "Transcript" })).getAllByRole("listitem");
  screen.getAllByRole("button", { name: /^Play from/ })[0]?.focus();
  await user.keyboard("e");
  const first = await screen.findByRole("textbox", { name: "Text of the passage at 0:00" });
  expect(first).toHaveFocus();
  await user.keyboard("{Tab}");
  expect(await field()).toHaveFocus();
  await user.keyboard("{Home}{Backspace}");
  expect(items()).toHaveLength(1);
  const joined = screen.getByRole<HTMLTextAreaElement>("textbox");
  expect(joined).toHaveValue("It was the best of times. It was the wurst of times.");
  expect(joined.selectionStart).toBe("It was the best of times.".length);
  await user.keyboard("{Control>}{Shift>}{Enter}{/Shift}{/Control}");
  expect(items()).toHaveLength(2);
  expect(screen.getByRole("textbox")).toHaveValue("It was the wurst of times.");
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("textbox")).not.toBeInTheDocument();
});

test("a passage whose text is emptied goes when it is left", async () => {
  const { user } = await open();
  const asked = takeEdits({ removed: [1] });
  await user.dblClick(screen.getByText("It was the wurst of times."));
  await user.clear(await field());
  expect(screen.getByText(/the passage is deleted/)).toBeVisible();
  await user.keyboard("{Escape}");
  await waitFor(() => {
    expect(asked[0]?.operations).toEqual([{ op: "delete", segment: 1 }]);
  });
  expect(screen.queryByText("It was the wurst of times.")).not.toBeInTheDocument();
});

test("times are changed within their limits", async () => {
  const { user } = await open();
  const later = { start: 5.5, end: 8, text: "It was the wurst of times." };
  const asked = takeEdits({ added: [later], removed: [1] });
  await user.click(screen.getByRole("button", { name: "Actions for the passage at 0:04" }));
  await user.click(await screen.findByRole("menuitem", { name: "Change the times" }));
  const start = await screen.findByRole("textbox", { name: "Start" });
  await user.clear(start);
  await user.type(start, "soon");
  expect(screen.getByText(/This is no time/)).toBeVisible();
  await user.clear(start);
  await user.type(start, "0:09");
  expect(screen.getByText("The end must not come before the start.")).toBeVisible();
  await user.clear(start);
  await user.type(start, "0:05.5");
  await user.click(screen.getByRole("button", { name: "Change" }));
  await waitFor(() => {
    expect(asked[0]?.operations).toEqual([{ op: "set_times", segment: 1, start: 5.5, end: 8 }]);
  });
});

test("a speaker is named for every passage without a name", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Actions for the passage at 0:00" }));
  await user.click(await screen.findByRole("menuitem", { name: "Who speaks" }));
  await user.type(await screen.findByRole("textbox", { name: "Name" }), "Ann");
  await user.click(screen.getByRole("radio", { name: "every passage without a name" }));
  const added = segments.map(({ start, end, text }) => ({ start, end, text, speaker: "Ann" }));
  const asked = takeEdits({ added, removed: [0, 1] });
  await user.click(screen.getByRole("button", { name: "Set" }));
  expect(await screen.findByRole("button", { name: "Speaker: Ann. Change it" })).toBeVisible();
  await waitFor(() => {
    expect(asked[0]?.operations).toHaveLength(2);
  });
});

test("without a connection the reason is told, and what waits comes back with the page", async () => {
  const { user } = await open();
  disconnect<EditTranscriptData>("patch", "/transcripts/{job_id}");
  await user.dblClick(screen.getByText("It was the wurst of times."));
  await user.type(await field(), "!");
  expect(await screen.findByText(/No connection. Your changes are kept/)).toBeVisible();
  expect(
    Object.keys(localStorage).filter((key) => key.startsWith("transcriber.edits")),
  ).toHaveLength(1);
  const added = [{ start: 4, end: 8, text: "It was the wurst of times.!" }];
  takeEdits({ added, removed: [1] });
  await user.click(screen.getByRole("button", { name: "Try now" }));
  expect(await screen.findByText("Saved")).toBeVisible();
  expect(Object.keys(localStorage).filter((key) => key.startsWith("transcriber.edits"))).toEqual(
    [],
  );
});

test("a refused change can be given up", async () => {
  const { user } = await open();
  refuse<EditTranscriptData>("patch", "/transcripts/{job_id}", {
    status: 409,
    code: "too_many_versions",
    detail: "The transcript keeps too many versions.",
  });
  await user.dblClick(screen.getByText("It was the wurst of times."));
  await user.type(await field(), "!");
  expect(
    await screen.findByText(
      "Not saved: This transcript was changed so often that it keeps no further revisions.",
    ),
  ).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Give up this change" }));
  expect(await screen.findByText("Saved")).toBeVisible();
  expect(await field()).toHaveValue("It was the wurst of times.");
});

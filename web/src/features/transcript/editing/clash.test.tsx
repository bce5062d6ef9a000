import { screen, waitFor, within } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test } from "vitest";
import type {
  CompareRevisionsData,
  CompareRevisionsResponses,
  EditTranscriptData,
  ListSegmentsData,
  ListSegmentsResponses,
  SegmentRead,
} from "@/api/generated";
import { takeEdits } from "@/testing/edits";
import { fakeMedia } from "@/testing/fake-media";
import { renderSignedIn } from "@/testing/render-app";
import { JOB_ID, makeSegment, makeTranscript } from "@/testing/samples";
import { answer, disconnect, refuse } from "@/testing/server";
import { cutPage, giveFinished } from "@/testing/transcripts";

const diffUrl = "/transcripts/{job_id}/revisions/{number}/diff";
const title = "Two versions of one passage";

const first = makeSegment({ index: 0, start: 0, end: 4, text: "It was the bst of times." });
const second = makeSegment({ index: 1, start: 4, end: 8, text: "It was the wurst of times." });
const theirFirst = { ...first, index: 2, text: "It was the beast of times." };
const theirSecond = { ...second, index: 3, text: "It was the first of times." };
const mine = "It was the worst of times.";

// The screen is loaded when it is asked for, which takes its time on a busy machine.
beforeAll(async () => {
  await import("../TranscriptScreen");
}, 120_000);

beforeEach(() => {
  fakeMedia();
});

/** Somebody else made these of the two passages, and was first; it is told after `until`. */
function giveRevision(segments: SegmentRead[], until?: Promise<void>): void {
  const problem = {
    status: 409,
    code: "revision_conflict",
    detail: "It was changed.",
    revision: 1,
  };
  refuse<EditTranscriptData>("patch", "/transcripts/{job_id}", problem, until);
  const passage = { start: 0, end: 8, before: [], after: [], pieces: [] };
  answer<CompareRevisionsData, CompareRevisionsResponses>("get", diffUrl, 200, {
    ...{ revision: 1, against: 0, total: 1, items: [passage], next_offset: null },
  });
  answer<ListSegmentsData, ListSegmentsResponses>(
    "get",
    "/transcripts/{job_id}/segments",
    200,
    ({ url }) => {
      const query = new URL(url).searchParams;
      const revision = Number(query.get("revision") ?? 1);
      const shown = revision === 0 ? [first, second] : segments;
      return cutPage(makeTranscript({ segments: shown, revision }), query);
    },
  );
}

async function open() {
  giveFinished(makeTranscript({ segments: [first, second] }));
  const { user } = renderSignedIn(`/transcript/${JOB_ID}`);
  await screen.findByRole("list", { name: "Transcript" });
  const write = async (was: string, text: string) => {
    await user.dblClick(screen.getByText(was));
    const field = await screen.findByRole("textbox", { name: /^Text of the passage/ });
    await user.clear(field);
    await user.type(field, `${text}{Escape}`);
  };
  return { user, write };
}

/** Corrects the second passage, of which somebody else made something else. */
async function clash(theirs: SegmentRead[] = [first, theirSecond]) {
  const { user, write } = await open();
  giveRevision(theirs);
  await write(second.text, mine);
  const dialog = await screen.findByRole("dialog", { name: title });
  const side = (name: string) => within(within(dialog).getByRole("region", { name }));
  return { user, dialog, side };
}

const press = (name: string) => screen.getByRole("button", { name });
const text = () => screen.getByRole("list", { name: "Transcript" });

async function expectEnd(): Promise<void> {
  await waitFor(() => {
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
  expect(await screen.findByText("Saved")).toBeVisible();
}

test("both versions are shown beside each other, and the text goes on with the other", async () => {
  const { dialog, side } = await clash([first, { ...theirSecond, end: 9, speaker: "Ann" }]);
  expect(dialog).toHaveTextContent("Somebody changed the passage at 0:04");
  expect(side("Yours").getByText(mine)).toBeVisible();
  expect(side("Yours").getByText(/0:04 – 0:08/)).toBeVisible();
  expect(side("The other").getByText(theirSecond.text)).toBeVisible();
  expect(side("The other").getByText(/0:04 – 0:09/)).toHaveTextContent("Ann");
  expect(text()).toHaveTextContent(theirSecond.text);
  expect(screen.getByText(/somebody else changed the same passage/)).toBeVisible();
});

test("times and speaker are not repeated where both versions agree on them", async () => {
  const { dialog } = await clash();
  expect(within(dialog).queryByText(/0:04 –/)).not.toBeInTheDocument();
});

test("the own version is kept by another correction, of the newest revision", async () => {
  const { user } = await clash();
  const asked = takeEdits({
    added: [{ start: 4, end: 8, text: mine }],
    ...{ removed: [theirSecond.index], since: 1 },
  });
  await user.click(press("Keep mine"));
  await expectEnd();
  const operation = { op: "set_text", segment: theirSecond.index, text: mine };
  expect(asked).toEqual([{ revision: 1, operations: [operation] }]);
  expect(text()).toHaveTextContent(mine);
});

test("the other version is kept by doing nothing", async () => {
  const { user } = await clash();
  const asked = takeEdits({ since: 1 });
  await user.click(press("Keep the other"));
  await expectEnd();
  expect(asked).toEqual([]);
  expect(text()).toHaveTextContent(theirSecond.text);
  expect(text()).not.toHaveTextContent(mine);
});

test("a text of both can be written, but not an empty one", async () => {
  const { user } = await clash();
  const joined = "It was the first and worst of times.";
  const asked = takeEdits({
    added: [{ start: 4, end: 8, text: joined }],
    ...{ removed: [theirSecond.index], since: 1 },
  });
  const field = screen.getByRole("textbox", { name: "Or a text of both" });
  expect(field).toHaveValue(mine);
  await user.clear(field);
  await user.type(field, " ");
  expect(press("Use this text")).toBeDisabled();
  await user.clear(field);
  await user.type(field, joined);
  await user.click(press("Use this text"));
  await expectEnd();
  expect(asked[0]?.operations).toEqual([
    { op: "set_text", segment: theirSecond.index, text: joined },
  ]);
});

test("what the other deleted is put back where the own version shall stay", async () => {
  const { user, side } = await clash([first]);
  expect(side("The other").getByText("Deleted")).toBeVisible();
  const asked = takeEdits({ added: [{ start: 4, end: 8, text: mine }], since: 1 });
  await user.click(press("Keep mine"));
  await expectEnd();
  expect(asked[0]?.operations).toMatchObject([{ op: "insert", start: 4, end: 8, text: mine }]);
  expect(text()).toHaveTextContent(mine);
});

test("the choice can wait, by a button or a key, and is offered until it is made", async () => {
  const { user } = await clash();
  await user.click(press("Decide later"));
  await waitFor(() => {
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
  await user.click(press("Choose"));
  expect(await screen.findByRole("dialog", { name: title })).toBeVisible();
  await user.keyboard("{Escape}");
  await waitFor(() => {
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
  expect(press("Choose")).toBeVisible();
});

test("several clashes are asked about one after the other", async () => {
  const { user, write } = await open();
  // Else a slow machine is asked about the first before the second is written.
  let tell: (() => void) | undefined;
  const written = new Promise<void>((resolve) => {
    tell = resolve;
  });
  giveRevision([theirFirst, theirSecond], written);
  await write(first.text, "It was the best of times.");
  // The row has the focus once its text is closed: amid the two clicks it would undo the first.
  await waitFor(() => {
    expect(press("Play from 0:00")).toHaveFocus();
  });
  await write(second.text, mine);
  tell?.();
  const dialog = await screen.findByRole("dialog", { name: title });
  await waitFor(() => {
    expect(dialog).toHaveTextContent("1 more after it");
  });
  expect(dialog).toHaveTextContent("the passage at 0:00");
  await user.click(press("Keep the other"));
  await waitFor(() => {
    expect(dialog).toHaveTextContent("the passage at 0:04");
  });
  expect(dialog).not.toHaveTextContent("more after it");
  await user.click(press("Keep the other"));
  await expectEnd();
});

test("while the other version cannot be read, the reason is told and nothing is asked", async () => {
  const { user, write } = await open();
  giveRevision([first, theirSecond]);
  disconnect<CompareRevisionsData>("get", diffUrl);
  await write(second.text, mine);
  expect(await screen.findByText(/No connection. Your changes are kept/)).toBeVisible();
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  giveRevision([first, theirSecond]);
  await user.click(press("Try now"));
  expect(await screen.findByRole("dialog", { name: title })).toBeVisible();
});

test("a choice that the service refuses can be given up", async () => {
  const { user } = await clash();
  refuse<EditTranscriptData>("patch", "/transcripts/{job_id}", {
    ...{ status: 409, code: "too_many_versions", detail: "Too many versions." },
  });
  await user.click(press("Keep mine"));
  expect(await screen.findByText(/^Not saved: .*so often/)).toBeVisible();
  await user.click(press("Give up this change"));
  await expectEnd();
  expect(text()).toHaveTextContent(theirSecond.text);
});

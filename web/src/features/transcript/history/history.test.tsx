import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  CompareRevisionsData,
  CompareRevisionsResponses,
  GetMeData,
  GetMeResponses,
  ListRevisionsData,
  ListRevisionsResponses,
  PassageRead,
  RestoreRevisionData,
  RestoreRevisionResponses,
  RevisionRead,
  SegmentVersion,
} from "@/api/generated";
import { openTranscript } from "@/testing/open-transcript";
import { renderPart } from "@/testing/render-part";
import { ada } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";
import { HistoryPanel } from "./HistoryPanel";
import { RevisionBanner } from "./RevisionBanner";

const listUrl = "/transcripts/{job_id}/revisions";
const diffUrl = "/transcripts/{job_id}/revisions/{number}/diff";
const restoreUrl = "/transcripts/{job_id}/revisions/{number}/restore";

function makeRevision(change: Partial<RevisionRead> = {}): RevisionRead {
  return {
    number: 1,
    kind: "edit",
    restored: null,
    change_count: 2,
    removed_count: 2,
    added_count: 2,
    user_id: ada.user_id,
    created_at: "2026-11-22T10:00:00Z",
    ...change,
  };
}

function makeVersion(text: string, change: Partial<SegmentVersion> = {}): SegmentVersion {
  return { start: 65, end: 70, text, speaker: null, words: [], ...change };
}

const passage: PassageRead = {
  start: 65,
  end: 70,
  before: [makeVersion("It was the bst.")],
  after: [makeVersion("It was the best.", { speaker: "Ada" })],
  pieces: [
    { kind: "equal", text: "It was the " },
    { kind: "removed", text: "bst" },
    { kind: "added", text: "best" },
    { kind: "equal", text: "." },
  ],
};

function giveRevisions(...items: RevisionRead[]): void {
  answer<ListRevisionsData, ListRevisionsResponses>("get", listUrl, 200, {
    items,
    next_before: null,
  });
}

function giveDifferences(items: PassageRead[]): URL[] {
  const asked: URL[] = [];
  answer<CompareRevisionsData, CompareRevisionsResponses>("get", diffUrl, 200, (request) => {
    const address = new URL(request.url);
    asked.push(address);
    const offset = Number(address.searchParams.get("offset") ?? 0);
    return {
      revision: 2,
      against: 1,
      total: items.length,
      items: items.slice(offset, offset + 2),
      next_offset: offset + 2 < items.length ? offset + 2 : null,
    };
  });
  return asked;
}

beforeEach(() => {
  answer<GetMeData, GetMeResponses>("get", "/auth/me", 200, ada);
});

test("revisions are listed with what was done, and the machine's comes last", async () => {
  giveRevisions(
    makeRevision({ number: 4, kind: "restore", restored: 0 }),
    makeRevision({ number: 3, kind: "restore", restored: 1, user_id: "u2" }),
    makeRevision({ number: 2, kind: "replace", change_count: 1 }),
    makeRevision(),
  );
  renderPart(<HistoryPanel transcript={openTranscript({ newest: 4 })} />);
  const list = within(await screen.findByRole("list", { name: "Revisions, newest first" }));
  await screen.findAllByText(/by you/);
  const rows = list.getAllByRole("listitem").map((row) => row.textContent);
  expect(rows[0]).toMatch(/^Revision 4Newest.*Machine’s version restored · by you/);
  expect(rows[1]).toMatch(/Content of revision 1 restored · by account u2/);
  expect(rows[2]).toMatch(/1 place replaced/);
  expect(rows[3]).toMatch(/2 corrections/);
  expect(rows[4]).toMatch(/^Machine’s versionNever changesAs the model wrote it\./);
  const buttons = (row: number) =>
    within(list.getAllByRole("listitem")[row] ?? document.body)
      .getAllByRole("button")
      .map((button) => button.textContent.split(":")[0]);
  expect(buttons(0)).toEqual(["Changes"]);
  expect(buttons(1)).toEqual(["Changes", "Read", "Restore"]);
  expect(buttons(4)).toEqual(["Read", "Restore"]);
});

test("a long history comes in pages", async () => {
  answer<ListRevisionsData, ListRevisionsResponses>("get", listUrl, 200, (request) =>
    new URL(request.url).searchParams.has("before")
      ? { items: [makeRevision()], next_before: null }
      : { items: [makeRevision({ number: 2 })], next_before: 2 },
  );
  const { user } = renderPart(<HistoryPanel transcript={openTranscript({ newest: 2 })} />);
  await user.click(await screen.findByRole("button", { name: "Show more" }));
  expect(await screen.findByText("Revision 1")).toBeVisible();
  expect(screen.getByText("Machine’s version")).toBeVisible();
});

test("a history that cannot be loaded can be asked for again", async () => {
  refuse<ListRevisionsData>("get", listUrl, { status: 500, code: "internal", detail: "Broken." });
  const { user } = renderPart(<HistoryPanel transcript={openTranscript()} />);
  expect(await screen.findByRole("alert")).toHaveTextContent("Broken.");
  giveRevisions();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Nothing was corrected yet.")).toBeVisible();
});

test("changes are shown word by word, page by page, between any two revisions", async () => {
  giveRevisions(makeRevision({ number: 2 }), makeRevision());
  const asked = giveDifferences([passage, passage, passage]);
  const { user } = renderPart(<HistoryPanel transcript={openTranscript({ newest: 2 })} />);
  await user.click(await screen.findByRole("button", { name: "Changes: Revision 2" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Compare revisions" }));
  expect(await dialog.findByText("3 passages differ.")).toBeVisible();
  const [first] = dialog.getAllByRole("listitem");
  expect(first).toHaveTextContent("1:05–1:10It was the Removed: bstAdded: best.");
  expect(first?.querySelector("del")).toHaveTextContent("bst");
  expect(first?.querySelector("ins")).toHaveTextContent("best");
  expect(first).toHaveTextContent("Speaker: nobody named → Ada");
  expect(asked[0]?.pathname).toMatch(/revisions\/2\/diff$/);
  expect(asked[0]?.searchParams.get("against")).toBe("1");
  await user.click(dialog.getByRole("button", { name: "Show more (1 left)" }));
  await waitFor(() => {
    expect(dialog.getAllByText("1:05–1:10")).toHaveLength(3);
  });
  giveDifferences([]);
  await user.click(dialog.getByRole("combobox", { name: "From" }));
  await user.click(await screen.findByRole("option", { name: "Machine’s version" }));
  expect(await dialog.findByText("There is no difference")).toBeVisible();
});

test("a comparison that fails says why", async () => {
  giveRevisions(makeRevision());
  refuse<CompareRevisionsData>("get", diffUrl, {
    status: 410,
    code: "transcript_deleted",
    detail: "The transcript was deleted.",
  });
  const { user } = renderPart(<HistoryPanel transcript={openTranscript({ newest: 1 })} />);
  await user.click(await screen.findByRole("button", { name: "Changes: Revision 1" }));
  expect(await screen.findByText("The revisions could not be compared")).toBeVisible();
});

test("an earlier revision is opened at an address of its own", async () => {
  giveRevisions(makeRevision({ number: 2 }), makeRevision());
  const transcript = openTranscript({ newest: 2 });
  const { user, router } = renderPart(<HistoryPanel transcript={transcript} />);
  await user.click(await screen.findByRole("button", { name: "Read: Revision 1" }));
  await waitFor(() => {
    expect(router.state.location.href).toBe(`/transcript/${transcript.jobId}?revision=1`);
  });
});

test("restoring asks first, saves what was typed, and shows what came back", async () => {
  giveRevisions(makeRevision({ number: 2 }), makeRevision());
  const asked: unknown[] = [];
  answer<RestoreRevisionData, RestoreRevisionResponses>(
    "post",
    restoreUrl,
    200,
    async (request) => {
      asked.push([new URL(request.url).pathname.split("/").at(-2), await request.json()]);
      return { revision: 4 };
    },
  );
  const transcript = openTranscript({ newest: 2 });
  transcript.flush.mockResolvedValue(3);
  const { user } = renderPart(<HistoryPanel transcript={transcript} />);
  await user.click(await screen.findByRole("button", { name: "Restore: Revision 0" }));
  const dialog = within(
    await screen.findByRole("dialog", { name: "Restore the machine’s version?" }),
  );
  expect(dialog.getByText(/Nothing is lost/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Restore" }));
  await waitFor(() => {
    expect(transcript.reload).toHaveBeenCalledWith(4);
  });
  expect(asked).toEqual([["0", { revision: 3 }]]);
});

test("a refused restoration stays open with the reason", async () => {
  giveRevisions(makeRevision({ number: 2 }), makeRevision());
  refuse<RestoreRevisionData>("post", restoreUrl, {
    status: 409,
    code: "revision_conflict",
    detail: "The transcript was changed meanwhile.",
  });
  const transcript = openTranscript({ newest: 2 });
  const { user } = renderPart(<HistoryPanel transcript={transcript} />);
  await user.click(await screen.findByRole("button", { name: "Restore: Revision 1" }));
  await user.click(await screen.findByRole("button", { name: "Restore" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(/changed meanwhile/);
  expect(transcript.reload).not.toHaveBeenCalled();
});

test("the banner says which revision is read, and leads to the newest", async () => {
  const transcript = openTranscript({ newest: 3, revision: 1 });
  const asked = giveDifferences([passage]);
  const { user } = renderPart(<RevisionBanner transcript={transcript} />);
  const banner = within(await screen.findByRole("status"));
  expect(banner.getByText("You are reading revision 1")).toBeVisible();
  expect(banner.getByText(/The newest is revision 3/)).toBeVisible();
  expect(banner.getByRole("link", { name: "Go to the newest" })).toHaveAttribute(
    "href",
    `/transcript/${transcript.jobId}`,
  );
  await user.click(banner.getByRole("button", { name: "What changed since" }));
  expect(await screen.findByText("1 passage differs.")).toBeVisible();
  expect(asked[0]?.pathname).toMatch(/revisions\/3\/diff$/);
  expect(asked[0]?.searchParams.get("against")).toBe("1");
});

test("there is no banner over the newest", () => {
  renderPart(<RevisionBanner transcript={openTranscript({ newest: 3 })} />);
  expect(screen.queryByRole("status")).not.toBeInTheDocument();
});

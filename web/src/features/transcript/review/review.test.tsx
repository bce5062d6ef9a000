import { cleanup, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { DroppedRead, ListSegmentsData, ListSegmentsResponses } from "@/api/generated";
import { takeEdits } from "@/testing/edits";
import { fakeMedia } from "@/testing/fake-media";
import { renderSignedIn } from "@/testing/render-app";
import { JOB_ID, makeSegment, makeTranscript } from "@/testing/samples";
import { answer, refuse, stall } from "@/testing/server";
import { cutPage, giveFinished } from "@/testing/transcripts";

const segmentsUrl = "/transcripts/{job_id}/segments";

const unsure = { word: " wurst", start: 5, end: 6, probability: 0.1 };
const segments = [
  makeSegment({ index: 0, start: 0, end: 4, text: "It was the best of times." }),
  makeSegment({ index: 1, start: 4, end: 8, text: "It was the wurst.", words: [unsure] }),
  makeSegment({ index: 2, start: 12, end: 16, text: "It was mumbled.", avg_logprob: -1.3 }),
];
const dropped: DroppedRead[] = [{ start: 9, end: 11, reason: "silence", text: "Thanks!" }];

// The screen is loaded when it is asked for, which takes its time on a busy machine.
beforeAll(async () => {
  await import("../TranscriptScreen");
}, 120_000);

beforeEach(() => {
  fakeMedia();
  showWide();
});

/** Gives the window room for the panel beside the text. */
function showWide(isWide = true): void {
  const narrow = window.matchMedia("");
  vi.spyOn(window, "matchMedia").mockImplementation((query) =>
    Object.assign(Object.create(narrow) as MediaQueryList, {
      matches: isWide && query.startsWith("(min-width"),
    }),
  );
}

async function open(transcript = makeTranscript({ segments, dropped })) {
  giveFinished(transcript);
  const { user } = renderSignedIn(`/transcript/${JOB_ID}`);
  await screen.findByRole("list", { name: "Transcript" });
  return { user };
}

const panel = () => screen.getByRole("complementary", { name: "Review" });
const card = (place: string) => screen.findByRole("region", { name: place });
const press = (name: string) => within(panel()).getByRole("button", { name });
const text = () => screen.getByRole("list", { name: "Transcript" });

test("a key begins the walk, and each passage says why it is here", async () => {
  const { user } = await open();
  await user.keyboard("n");
  const first = await card("1 of 3");
  expect(first).toHaveTextContent("0:04");
  expect(first).toHaveTextContent("1 word has low confidence.");
  expect(first).toHaveTextContent("It was the wurst.");
  await user.keyboard("n");
  const second = await card("2 of 3");
  expect(second).toHaveTextContent("Left out: no speech");
  expect(second).toHaveTextContent("Thanks!");
  await user.keyboard("n");
  expect(await card("3 of 3")).toHaveTextContent("The whole passage has low confidence.");
  await user.keyboard("n");
  expect(await card("1 of 3")).toBeVisible();
  await user.keyboard("p");
  expect(await card("3 of 3")).toBeVisible();
});

test("the player stands at the passage that is looked at", async () => {
  const { user } = await open();
  await user.click(screen.getByRole("button", { name: "Review" }));
  await user.click(press("Start the review"));
  await card("1 of 3");
  const slider = screen.getByRole("slider", { name: "Position in the recording" });
  expect(slider).toHaveAttribute("aria-valuenow", "4");
  await user.click(press("Next passage"));
  expect(slider).toHaveAttribute("aria-valuenow", "9");
  await user.click(press("Previous passage"));
  expect(slider).toHaveAttribute("aria-valuenow", "4");
});

test("what is right is marked, which the next visit still knows, until all is reviewed", async () => {
  const { user } = await open();
  await user.keyboard("n");
  await card("1 of 3");
  await user.keyboard("a");
  expect(await card("2 of 3")).toBeVisible();
  expect(within(panel()).getByText("1 of 3 reviewed")).toBeVisible();
  await user.click(press("Leave it out"));
  expect(await card("3 of 3")).toBeVisible();
  cleanup();

  const { user: again } = await open();
  await again.click(screen.getByRole("button", { name: "Review" }));
  expect(within(panel()).getByText("2 of 3 reviewed")).toBeVisible();
  const progress = within(panel()).getByRole("progressbar", { name: "Reviewed passages" });
  expect(Number(progress.getAttribute("aria-valuenow"))).toBeCloseTo(66.7, 1);
  await again.click(press("Start the review"));
  await card("3 of 3");
  await again.click(press("It is right"));
  expect(within(panel()).getByText("Everything is reviewed")).toBeVisible();
  expect(within(panel()).queryByRole("button", { name: "Next passage" })).not.toBeInTheDocument();
});

test("a passage that is corrected counts as reviewed", async () => {
  const { user } = await open();
  await user.keyboard("n");
  await card("1 of 3");
  await user.click(press("Correct"));
  expect(await screen.findByRole("textbox", { name: "Text of the passage at 0:04" })).toHaveValue(
    "It was the wurst.",
  );
  expect(within(panel()).getByText("1 of 3 reviewed")).toBeVisible();
  expect(within(panel()).getByText("Reviewed")).toBeVisible();
  await user.click(press("Review again"));
  expect(within(panel()).getByText("0 of 3 reviewed")).toBeVisible();
});

test("a passage that was not said is deleted, and the walk goes on", async () => {
  const { user } = await open();
  const asked = takeEdits({ removed: [1] });
  await user.keyboard("n");
  await card("1 of 3");
  await user.click(press("Delete"));
  expect(await card("1 of 2")).toHaveTextContent("Thanks!");
  expect(text()).not.toHaveTextContent("It was the wurst.");
  await waitFor(() => {
    expect(asked[0]?.operations).toEqual([{ op: "delete", segment: 1 }]);
  });
});

test("what was left out is taken into the text", async () => {
  const { user } = await open();
  const asked = takeEdits({ added: [{ start: 9, end: 11, text: "Thanks!" }] });
  await user.keyboard("nn");
  await card("2 of 3");
  await user.click(press("Insert this text"));
  expect(text()).toHaveTextContent("Thanks!");
  expect(await card("3 of 3")).toBeVisible();
  await waitFor(() => {
    const inserted = { op: "insert", start: 9, end: 11, text: "Thanks!" };
    expect(asked[0]?.operations).toMatchObject([inserted]);
  });
});

test("where the model was sure of everything, there is nothing to do", async () => {
  const { user } = await open(makeTranscript());
  await user.click(screen.getByRole("button", { name: "Review" }));
  expect(within(panel()).getByText("Nothing to review")).toBeVisible();
  await user.keyboard("n");
  expect(within(panel()).getByText("Nothing to review")).toBeVisible();
});

test("on a phone the passages come in a drawer over the text", async () => {
  showWide(false);
  const { user } = await open();
  await user.keyboard("n");
  const drawer = await screen.findByRole("dialog", { name: "Review" });
  expect(await within(drawer).findByRole("region", { name: "1 of 3" })).toBeVisible();
  await user.click(within(drawer).getByRole("button", { name: "Close" }));
  await waitFor(() => {
    expect(drawer).not.toBeInTheDocument();
  });
});

const fourPassages = makeTranscript({
  segments: [0, 4, 8, 12].map((start, index) => makeSegment({ index, start, end: start + 4 })),
});

/** Of four passages the first two come, and then what is said. */
function giveBeginning(then: () => void): void {
  giveFinished(fourPassages);
  answer<ListSegmentsData, ListSegmentsResponses>("get", segmentsUrl, 200, () => {
    then();
    return cutPage(fourPassages, new URLSearchParams({ limit: "2" }));
  });
}

async function openReview() {
  const { user } = renderSignedIn(`/transcript/${JOB_ID}`);
  await user.click(await screen.findByRole("button", { name: "Review" }));
  return { user };
}

test("while the text comes, nobody is told that there is nothing to review", async () => {
  giveFinished(makeTranscript());
  stall<ListSegmentsData>("get", segmentsUrl);
  await openReview();
  expect(within(panel()).getByText("Still reading the transcript: 0%")).toBeVisible();
  expect(within(panel()).queryByText("Nothing to review")).not.toBeInTheDocument();
});

test("how far the text has come is told while it does", async () => {
  giveBeginning(() => {
    stall<ListSegmentsData>("get", segmentsUrl);
  });
  await openReview();
  expect(await within(panel()).findByText("Still reading the transcript: 50%")).toBeVisible();
});

test("a part that cannot be read is told, and read when somebody asks for it", async () => {
  giveBeginning(() => {
    refuse<ListSegmentsData>("get", segmentsUrl, {
      ...{ status: 500, code: "internal", detail: "The database did not answer." },
    });
  });
  const { user } = await openReview();
  const alert = await within(panel()).findByRole("alert");
  expect(alert).toHaveTextContent("A part of the text could not be loaded");
  expect(alert).toHaveTextContent("The database did not answer.");
  answer<ListSegmentsData, ListSegmentsResponses>("get", segmentsUrl, 200, ({ url }) =>
    cutPage(fourPassages, new URL(url).searchParams),
  );
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(await within(panel()).findByText("Nothing to review")).toBeVisible();
});

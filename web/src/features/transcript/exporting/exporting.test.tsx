import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import type { ExportTranscriptData } from "@/api/generated";
import { openTranscript } from "@/testing/open-transcript";
import { renderPart } from "@/testing/render-part";
import { answerFile, refuse, stall } from "@/testing/server";
import { CopyMenu } from "./CopyMenu";
import { ExportDialog } from "./ExportDialog";

const url = "/transcripts/{job_id}/export";

const srt = `1
00:00:00,000 --> 00:00:02,000
It was the best

2
00:00:02,500 --> 00:00:04,500
of times.

`;

/** What the service was asked for, newest last. */
function giveExports(content: string): URLSearchParams[] {
  const asked: URLSearchParams[] = [];
  answerFile<ExportTranscriptData>("get", url, (request) => {
    asked.push(new URL(request.url).searchParams);
    return content;
  });
  return asked;
}

/** What the browser was told to save: addresses by the names of files. */
function watchDownloads(): Map<string, string> {
  const saved = new Map<string, string>();
  URL.createObjectURL = () => "blob:saved";
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
    this: HTMLAnchorElement,
  ) {
    saved.set(this.download, this.href);
  });
  return saved;
}

async function openDialog(transcript = openTranscript()) {
  const app = renderPart(<ExportDialog transcript={transcript} isOpen onClose={() => undefined} />);
  const dialog = within(await screen.findByRole("dialog", { name: "Export the transcript" }));
  const choose = async (format: RegExp) => {
    await app.user.click(dialog.getByRole("combobox", { name: "Format" }));
    await app.user.click(await screen.findByRole("option", { name: format }));
  };
  return { ...app, dialog, choose };
}

beforeEach(() => {
  localStorage.clear();
});

test("the beginning of the real file is shown, and again after each change", async () => {
  const asked = giveExports("It was the best of times.\n");
  const { user, dialog } = await openDialog(openTranscript({ newest: 4 }));
  expect(await dialog.findByText(/It was the best of times/)).toBeVisible();
  expect(dialog.getByText(/This is the whole file/)).toBeVisible();
  expect(Object.fromEntries(asked.at(-1) ?? [])).toEqual({
    format: "txt",
    revision: "4",
    speakers: "false",
    timestamps: "false",
  });
  await user.click(dialog.getByRole("checkbox", { name: "Speakers" }));
  await waitFor(() => {
    expect(asked.at(-1)?.get("speakers")).toBe("true");
  });
});

test("of a long file only the beginning is read", async () => {
  giveExports("It was the best of times.\n".repeat(2_000));
  const { dialog } = await openDialog();
  expect(await dialog.findByText(/the file goes on/)).toBeVisible();
  expect(dialog.getByLabelText("Beginning of the file").textContent.length).toBe(6_000);
});

test("subtitles stand on a picture, one by one, or as the file has them", async () => {
  giveExports(srt);
  const { user, dialog, choose } = await openDialog();
  await choose(/SubRip/);
  expect(await dialog.findByText("It was the best")).toBeVisible();
  expect(dialog.getByText(/1 of the first 2 · 0.00 s to 2.00 s · 7.5 characters/)).toBeVisible();
  expect(dialog.getByRole("button", { name: "Previous subtitle" })).toBeDisabled();
  await user.click(dialog.getByRole("button", { name: "Next subtitle" }));
  expect(dialog.getByText("of times.")).toBeVisible();
  await user.click(dialog.getByText("As a file"));
  expect(dialog.getByText(/00:00:02,500 --> 00:00:04,500/)).toBeVisible();
});

test("limits are sent, remembered, and set back to the usual ones", async () => {
  const asked = giveExports(srt);
  const first = await openDialog();
  await first.choose(/SubRip/);
  const field = await first.dialog.findByRole("textbox", { name: "Characters per line" });
  await first.user.clear(field);
  await first.user.type(field, "5");
  // Too few; nothing is asked for before the number is one that the service takes.
  await first.user.type(field, "0");
  await waitFor(() => {
    expect(asked.at(-1)?.get("max_line_length")).toBe("50");
  });
  expect(asked.map((each) => each.get("max_line_length"))).not.toContain("5");
  expect(localStorage.getItem("transcriber.export")).toContain('"max_line_length":50');
  await first.user.click(first.dialog.getByRole("button", { name: "Back to the usual limits" }));
  await waitFor(() => {
    expect(asked.at(-1)?.has("max_line_length")).toBe(false);
  });
  expect(first.dialog.getByRole("textbox", { name: "Characters per line" })).toHaveValue("42");
});

test("a text file is downloaded by the browser itself, with what was typed", async () => {
  giveExports(srt);
  const saved = watchDownloads();
  const transcript = openTranscript();
  transcript.flush.mockResolvedValue(7);
  const { user, dialog, choose } = await openDialog(transcript);
  await choose(/WebVTT/);
  await user.click(dialog.getByRole("button", { name: "Download .vtt" }));
  await waitFor(() => {
    expect([...saved.keys()]).toEqual(["interview.vtt"]);
  });
  expect(saved.get("interview.vtt")).toMatch(/\/export\?format=vtt&revision=7&speakers=false$/);
});

test("an earlier revision is exported as it is", async () => {
  const asked = giveExports("1");
  const transcript = openTranscript({ newest: 5, revision: 2 });
  const { user, dialog } = await openDialog(transcript);
  await user.click(dialog.getByRole("button", { name: "Copy" }));
  expect(await dialog.findByText("Copied")).toBeVisible();
  expect(new Set(asked.map((each) => each.get("revision")))).toEqual(new Set(["2"]));
  expect(transcript.flush).not.toHaveBeenCalled();
});

test("a document shows its text, and says why it cannot be made", async () => {
  const asked = giveExports("Hello.\n");
  const saved = watchDownloads();
  const { user, dialog, choose } = await openDialog();
  await choose(/PDF/);
  expect(await dialog.findByText(/set as pages with a heading/)).toBeVisible();
  expect(asked.at(-1)?.get("format")).toBe("txt");
  expect(dialog.queryByRole("button", { name: "Copy" })).not.toBeInTheDocument();
  refuse<ExportTranscriptData>("get", url, {
    status: 422,
    code: "glyphs_missing",
    detail: "No font on the server has the character “東”.",
  });
  await user.click(dialog.getByRole("button", { name: "Download .pdf" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("No font on the server has");
  expect(saved.size).toBe(0);
});

test("a preview that is refused says why; one on its way shows that", async () => {
  stall<ExportTranscriptData>("get", url);
  const { choose, dialog } = await openDialog();
  expect(dialog.getByText("Making the preview")).toBeInTheDocument();
  refuse<ExportTranscriptData>("get", url, {
    status: 422,
    code: "bad_limits",
    detail: "The shortest cue is longer than the longest.",
  });
  await choose(/JSON/);
  expect(await dialog.findByText("There is no preview")).toBeVisible();
  expect(dialog.getByText("The shortest cue is longer than the longest.")).toBeVisible();
});

test("the text is copied with or without who says it and when", async () => {
  const asked = giveExports("[00:00:00] Ada: Hello.\n");
  const { user } = renderPart(<CopyMenu transcript={openTranscript()} />);
  await user.click(screen.getByRole("button", { name: "Copy" }));
  await user.click(await screen.findByRole("menuitem", { name: "With speakers and times" }));
  expect(await screen.findByText("Copied")).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe("[00:00:00] Ada: Hello.\n");
  expect(asked.at(-1)?.toString()).toBe("format=txt&revision=0&speakers=true&timestamps=true");
});

test("what was typed and cannot be saved is not left out silently", async () => {
  giveExports("1");
  const transcript = openTranscript();
  transcript.flush.mockRejectedValue(new Error("offline"));
  const { user } = renderPart(<CopyMenu transcript={transcript} />);
  await user.click(screen.getByRole("button", { name: "Copy" }));
  await user.click(await screen.findByRole("menuitem", { name: "Text only" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("Nothing was copied");
});

import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  ReadMediaData,
  ReadMediaResponses,
  ReadRecordingData,
  ReadRecordingResponses,
} from "@/api/generated";
import { type FakeMedia, fakeMedia } from "@/testing/fake-media";
import { renderSignedIn } from "@/testing/render-app";
import { JOB_ID, makeRecording, makeSpoken, makeTranscript } from "@/testing/samples";
import { answer } from "@/testing/server";
import { giveFinished } from "@/testing/transcripts";
import { keySettings, parseKeySettings } from "./shortcuts/pedal";

const page = `/transcript/${JOB_ID}`;

const spoken = [
  makeSpoken("It was the best of times.", 1, 4, 0),
  makeSpoken("It was the worst of times.", 5, 8, 1),
  makeSpoken("It was the age of wisdom.", 30, 33, 2),
];

let media: FakeMedia;

beforeEach(() => {
  media = fakeMedia();
  keySettings.set(parseKeySettings(null));
});

async function open(address = page) {
  giveFinished(makeTranscript({ segments: spoken }));
  const app = renderSignedIn(address);
  // The first test waits for the screen itself to be loaded.
  await screen.findByRole("list", { name: "Transcript" }, { timeout: 25_000 });
  act(() => {
    media.load(44);
  });
  return app;
}

const currentWord = () => document.querySelector("[data-word][data-current]")?.textContent;
const slider = () => screen.getByRole("slider", { name: "Position in the recording" });

test("a word is heard by a click on it", async () => {
  const { user } = await open();
  await user.click(screen.getByText("worst"));
  expect(media.element().currentTime).toBe(6.5);
  expect(screen.getByRole("button", { name: "Pause" })).toBeVisible();
  expect(currentWord()).toBe("worst");
});

test("the word that is played is marked, and none in a silence", async () => {
  await open();
  act(() => {
    media.playTo(1.6);
  });
  expect(currentWord()).toBe("was");
  expect(screen.getAllByRole("listitem")[0]).toHaveAttribute("aria-current", "true");
  act(() => {
    media.playTo(20);
  });
  expect(currentWord()).toBeUndefined();
  act(() => {
    media.playTo(32.9);
  });
  expect(currentWord()).toBe("wisdom.");
});

test("the text is gone through and played by keys alone", async () => {
  const { user } = await open();
  const times = screen.getAllByRole("button", { name: /^Play from/ });
  expect(times.map((time) => time.tabIndex)).toEqual([0, -1, -1]);
  act(() => {
    times[0]?.focus();
  });
  await user.keyboard("{ArrowDown}");
  expect(times[1]).toHaveFocus();
  await user.keyboard("{ArrowRight}{ArrowRight}{Enter}");
  expect(document.activeElement).toHaveTextContent("was");
  expect(media.element().currentTime).toBe(5.5);
  await user.keyboard("{End}");
  expect(times[2]).toHaveFocus();
  expect(times[2]?.tabIndex).toBe(0);
});

test("single keys play, skip and change the speed; none does so while a text is written", async () => {
  const { user } = await open();
  await user.keyboard("k");
  expect(media.element().paused).toBe(false);
  await user.keyboard("l>");
  expect(media.element().currentTime).toBe(3);
  expect(media.element().playbackRate).toBe(1.25);
  await user.keyboard("j {Alt>}[KeyK]{/Alt}");
  expect(media.element().currentTime).toBe(0);
  const field = document.createElement("textarea");
  document.body.append(field);
  field.focus();
  await user.keyboard("kl");
  expect(media.element().currentTime).toBe(0);
  fireEvent.keyDown(field, { key: "l", code: "KeyL", altKey: true });
  expect(media.element().currentTime).toBe(3);
  field.remove();
});

test("all keys are listed, and a pedal's are learnt", async () => {
  const { user } = await open();
  await user.keyboard("?");
  const dialog = await screen.findByRole("dialog", { name: "Keyboard" });
  expect(within(dialog).getByText("Forward 3 seconds")).toBeVisible();
  const choose = within(dialog).getByRole("button", { name: "Choose a key for “Play or pause”" });
  await user.click(choose);
  await user.keyboard("x");
  expect(within(dialog).getByText(/“X” is needed for writing/)).toBeVisible();
  await user.keyboard("{F7}");
  expect(within(dialog).getAllByText("F7").length).toBeGreaterThan(0);
  await user.keyboard("{F7}");
  expect(media.element().paused).toBe(false);
  await user.click(within(dialog).getByRole("switch", { name: /Single letters/ }));
  await user.keyboard("{Escape}");
  await waitFor(() => {
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
  await user.keyboard("k");
  expect(media.element().paused).toBe(false);
});

test("the slider tells the time and moves by keys", async () => {
  const { user } = await open();
  act(() => {
    slider().focus();
  });
  await user.keyboard("{ArrowRight}");
  expect(slider()).toHaveAttribute("aria-valuetext", "0:05 of 0:44");
  await user.keyboard("{End}{ArrowLeft}");
  expect(media.element().currentTime).toBe(39);
  expect(slider()).toHaveAttribute("aria-valuenow", "39");
});

test("speed and volume are kept", async () => {
  const { user } = await open();
  await user.selectOptions(screen.getByRole("combobox", { name: "Speed" }), "1.5×");
  expect(media.element().playbackRate).toBe(1.5);
  expect(localStorage.getItem("transcriber.player.rate")).toBe("1.5");
  expect(screen.getByRole("slider", { name: "Volume" })).toHaveAttribute("aria-valuetext", "100%");
  await user.click(screen.getByRole("button", { name: "Mute" }));
  expect(media.element().muted).toBe(true);
});

test("whoever scrolls reads on where he is, until the text shall follow again", async () => {
  const { user } = await open();
  await user.keyboard("k");
  expect(screen.queryByRole("button", { name: "Follow" })).not.toBeInTheDocument();
  fireEvent.wheel(window);
  await user.click(await screen.findByRole("button", { name: "Follow" }));
  expect(screen.queryByRole("button", { name: "Follow" })).not.toBeInTheDocument();
});

test("an address names the moment to open", async () => {
  await open(`${page}?at=31`);
  await waitFor(() => {
    expect(screen.getAllByRole("listitem")[2]).toHaveAttribute("data-flash", "true");
  });
  expect(media.element().currentTime).toBe(31);
});

test("what the browser cannot play is offered as a file", async () => {
  await open();
  answer<ReadMediaData, ReadMediaResponses>(
    "get",
    "/recordings/{recording_id}/media",
    206,
    new Blob(["R"]),
  );
  act(() => {
    media.fail();
  });
  expect(await screen.findByText(/cannot play the recording’s format/)).toBeVisible();
  expect(screen.getByRole("link", { name: "Download the recording" })).toHaveAttribute(
    "href",
    expect.stringContaining("/media?download=true"),
  );
});

test("without its recording the text is there to be read", async () => {
  giveFinished(makeTranscript({ segments: spoken }), { has_audio: false });
  renderSignedIn(page);
  expect(await screen.findByText(/The recording was deleted, so/)).toBeVisible();
  expect(await screen.findByText("worst")).toBeVisible();
  expect(document.querySelector("video")).toBeNull();
});

test("a film's picture can be put away", async () => {
  const { user } = await open();
  answer<ReadRecordingData, ReadRecordingResponses>(
    "get",
    "/recordings/{recording_id}",
    200,
    makeRecording({ has_video: true }),
  );
  Object.defineProperty(media.element(), "videoWidth", { value: 640 });
  act(() => {
    media.load(44);
  });
  await user.click(await screen.findByRole("button", { name: "Picture" }));
  expect(media.element()).not.toBeVisible();
});

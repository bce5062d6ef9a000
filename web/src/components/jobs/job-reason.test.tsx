import { screen } from "@testing-library/react";
import i18next from "i18next";
import { afterEach, expect, test } from "vitest";
import { de } from "@/i18n/catalogues/de";
import { renderPart } from "@/testing/render-part";
import { makeJob } from "@/testing/samples";
import { JobStatus } from "./JobStatus";

const sentence = "talk.mp4 is a video without an audio track.";
const failed = makeJob({ state: "failed", error: { code: "no_audio", message: sentence } });
const waiting = makeJob({
  state: "queued",
  waiting_code: "model_missing",
  waiting_reason: "large.pt is not in the models directory.",
});

afterEach(async () => {
  await i18next.changeLanguage("en");
});

async function speakGerman(): Promise<void> {
  i18next.addResourceBundle("de", "translation", de);
  await i18next.changeLanguage("de");
}

test("who reads English reads the service's own sentence alone", () => {
  renderPart(<JobStatus job={failed} />);
  expect(screen.getByText(sentence)).toBeVisible();
  expect(screen.queryByText("The file is a video without sound.")).not.toBeInTheDocument();
});

test("who reads another language reads theirs first, and the original is marked as English", async () => {
  await speakGerman();
  renderPart(<JobStatus job={failed} />);
  expect(screen.getByText("Die Datei ist ein Video ohne Ton.")).toBeVisible();
  expect(screen.getByText(sentence)).toHaveAttribute("lang", "en");
});

test("what a job waits for is told in the reader's language", async () => {
  await speakGerman();
  renderPart(<JobStatus job={waiting} />);
  expect(screen.getByText("Das Modell ist nicht da.")).toBeVisible();
  expect(screen.getByText("large.pt is not in the models directory.")).toBeVisible();
});

test("a reason that no catalogue knows is told as the service tells it", async () => {
  await speakGerman();
  renderPart(<JobStatus job={{ ...waiting, waiting_code: "eclipse" }} />);
  expect(screen.getByText("large.pt is not in the models directory.")).toBeVisible();
});

test("a code without a sentence is explained in English too", () => {
  renderPart(<JobStatus job={{ ...failed, error: { code: "too_long", message: "" } }} />);
  expect(screen.getByText("The recording is longer than the service accepts.")).toBeVisible();
});

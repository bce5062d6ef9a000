import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  CreateJobData,
  CreateJobResponses,
  ListModelsData,
  ListModelsResponses,
  ModelRead,
  ReadJobData,
  ReadJobResponses,
} from "@/api/generated";
import { readForm } from "@/testing/read-form";
import { renderSignedIn } from "@/testing/render-app";
import { makeAcceptedJob, makeJob, makeModel } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";
import { uploads } from "./uploads";

const recording = new File(["speech"], "interview.m4a", { type: "audio/mp4" });

function giveModels(...items: ModelRead[]): void {
  answer<ListModelsData, ListModelsResponses>("get", "/models", 200, { items });
}

beforeEach(() => {
  uploads.clear();
  giveModels(
    makeModel(),
    makeModel({ name: "tiny.en", is_multilingual: false, is_default: false, languages: ["en"] }),
  );
});

test("a chosen file is sent with the options and becomes a job to read", async () => {
  let form: Record<string, string> = {};
  let key: string | null = null;
  answer<CreateJobData, CreateJobResponses>("post", "/jobs/", 201, async (request) => {
    key = request.headers.get("Idempotency-Key");
    form = await readForm(request);
    return makeAcceptedJob({ state: "queued", progress: null, queue_position: 1 });
  });
  answer<ReadJobData, ReadJobResponses>("get", "/jobs/{job_id}", 200, makeJob());
  const { user } = renderSignedIn("/transcribe");

  await user.upload(await screen.findByTestId("files"), recording);
  expect(screen.getByText("Ready, 6 bytes")).toBeVisible();
  await user.click(await screen.findByRole("radio", { name: "In English" }));
  await user.click(screen.getByRole("button", { name: "More options" }));
  await user.type(screen.getByLabelText("Names and special words"), "Ada, Babbage");
  await user.click(screen.getByRole("switch", { name: /Time every word/ }));
  await user.click(screen.getByRole("button", { name: "Transcribe 1 file" }));

  expect(await screen.findByRole("link", { name: "Read interview.m4a" })).toBeVisible();
  expect(form).toEqual({
    task: "translate",
    hotwords: "Ada, Babbage",
    word_timestamps: "true",
    file: "interview.m4a",
  });
  expect(key).toMatch(/^[0-9a-f]{32}$/);
});

test("files dropped anywhere on the page are listed, and can be taken out", async () => {
  const { user } = renderSignedIn("/transcribe");
  await screen.findByText("Drop recordings here");
  fireEvent.drop(document.body, { dataTransfer: { files: [recording], types: ["Files"] } });
  expect(await screen.findByText("interview.m4a")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Remove interview.m4a" }));
  expect(screen.queryByText("interview.m4a")).not.toBeInTheDocument();
});

test("a refused file says why and can be sent again", async () => {
  refuse<CreateJobData>("post", "/jobs/", {
    status: 413,
    code: "too_large",
    detail: "The recording is larger than 5 GiB.",
  });
  const { user } = renderSignedIn("/transcribe");
  await user.upload(await screen.findByTestId("files"), recording);
  await user.click(screen.getByRole("button", { name: "Transcribe 1 file" }));
  expect(await screen.findByText(/The recording is larger than 5 GiB/)).toBeVisible();

  answer<CreateJobData, CreateJobResponses>("post", "/jobs/", 201, makeAcceptedJob());
  answer<ReadJobData, ReadJobResponses>("get", "/jobs/{job_id}", 200, makeJob());
  await user.click(screen.getByRole("button", { name: "Send interview.m4a again" }));
  expect(await screen.findByRole("link", { name: "Read interview.m4a" })).toBeVisible();
});

test("a model that knows only English offers no translation and no other language", async () => {
  const { user } = renderSignedIn("/transcribe");
  await user.click(await screen.findByRole("combobox", { name: "Model" }));
  await user.click(await screen.findByRole("option", { name: "tiny.en" }));
  expect(screen.queryByRole("radio", { name: "In English" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("combobox", { name: "Language spoken" }));
  const options = within(await screen.findByRole("listbox")).getAllByRole("option");
  expect(options.map((option) => option.textContent)).toEqual(["Detect automatically", "English"]);
});

test("without a staged model the page says what to do", async () => {
  giveModels();
  renderSignedIn("/transcribe");
  expect(await screen.findByText(/No model is staged/)).toBeVisible();
});

test("a damaged model is not offered, and its problem is told when it is the only one", async () => {
  giveModels(makeModel({ problem: "base.pt is truncated: 10 bytes instead of 145 MB." }));
  renderSignedIn("/transcribe");
  expect(await screen.findByText(/base.pt is truncated/)).toBeVisible();
});

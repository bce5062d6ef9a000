import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  CreateJobData,
  CreateJobResponses,
  DeleteJobData,
  DeleteJobResponses,
  ListModelsData,
  ListModelsResponses,
  ModelRead,
  ReadJobData,
  ReadJobResponses,
} from "@/api/generated";
import { readForm } from "@/testing/read-form";
import { renderSignedIn } from "@/testing/render-app";
import { makeAcceptedJob, makeJob, makeModel } from "@/testing/samples";
import { answer, disconnect, refuse } from "@/testing/server";
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

test("how many people speak is sent, and times each word", async () => {
  let form: Record<string, string> = {};
  answer<CreateJobData, CreateJobResponses>("post", "/jobs/", 201, async (request) => {
    form = await readForm(request);
    return makeAcceptedJob({ state: "queued", progress: null, queue_position: 1 });
  });
  answer<ReadJobData, ReadJobResponses>("get", "/jobs/{job_id}", 200, makeJob());
  const { user } = renderSignedIn("/transcribe");
  await user.upload(await screen.findByTestId("files"), recording);
  const speakers = await screen.findByRole("combobox", { name: "Speakers" });
  expect(speakers).toHaveValue("Not told apart");
  await user.click(speakers);
  await user.click(await screen.findByRole("option", { name: "3 people" }));
  await user.click(screen.getByRole("button", { name: "More options" }));
  const words = screen.getByRole("switch", { name: /Time every word/ });
  expect(words).toBeChecked();
  expect(words).toBeDisabled();
  await user.click(screen.getByRole("button", { name: "Transcribe 1 file" }));
  expect(await screen.findByRole("link", { name: "Read interview.m4a" })).toBeVisible();
  expect(form).toMatchObject({ speakers: "3", word_timestamps: "false" });
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

test("a refusal names its figures as people write them", async () => {
  refuse<CreateJobData>("post", "/jobs/", {
    ...{ status: 507, code: "quota_exceeded", detail: "No room.", size_bytes: 6_000_000 },
    ...{ quota_bytes: 10_000_000, stored_bytes: 8_000_000, reserved_bytes: 0 },
  });
  const { user } = renderSignedIn("/transcribe");
  await user.upload(await screen.findByTestId("files"), recording);
  await user.click(screen.getByRole("button", { name: "Transcribe 1 file" }));
  expect(
    await screen.findByText(/no room for 6 MB: you may store 10 MB, of which 8 MB are used/),
  ).toBeVisible();
});

test("a lost line is told, and the file goes on when somebody asks for it", async () => {
  disconnect<CreateJobData>("post", "/jobs/");
  const { user } = renderSignedIn("/transcribe");
  await user.upload(await screen.findByTestId("files"), recording);
  await user.click(screen.getByRole("button", { name: "Transcribe 1 file" }));
  expect(await screen.findByText(/connection is interrupted. It goes on by itself/)).toBeVisible();
  expect(screen.getByRole("link", { name: "Sending 1 file, 0% done" })).toBeVisible();

  await user.click(screen.getByRole("button", { name: "Pause interview.m4a" }));
  expect(screen.getByText("Paused at 0 bytes of 6 bytes")).toBeVisible();
  expect(screen.getByRole("link", { name: "1 file is paused, 0% sent" })).toBeVisible();
  answer<CreateJobData, CreateJobResponses>("post", "/jobs/", 201, makeAcceptedJob());
  answer<ReadJobData, ReadJobResponses>("get", "/jobs/{job_id}", 200, makeJob());
  await user.click(screen.getByRole("button", { name: "Resume interview.m4a" }));
  expect(await screen.findByRole("link", { name: "Read interview.m4a" })).toBeVisible();
});

test("of a recording that was transcribed before, the earlier transcript is offered", async () => {
  const earlier = "9".repeat(32);
  answer<CreateJobData, CreateJobResponses>(
    "post",
    "/jobs/",
    201,
    makeAcceptedJob({
      state: "queued",
      duplicate_of: {
        ...{ recording_id: "1", name: "interview.m4a", has_audio: true },
        ...{ created_at: "2026-11-20T10:00:00Z", job_ids: [earlier] },
      },
    }),
  );
  answer<ReadJobData, ReadJobResponses>("get", "/jobs/{job_id}", 200, makeJob({ state: "queued" }));
  answer<DeleteJobData, DeleteJobResponses>("delete", "/jobs/{job_id}", 204, undefined);
  const { user } = renderSignedIn("/transcribe");
  await user.upload(await screen.findByTestId("files"), recording);
  await user.click(screen.getByRole("button", { name: "Transcribe 1 file" }));
  expect(await screen.findByText(/You have a transcript of this recording already/)).toBeVisible();
  expect(screen.getByRole("link", { name: "Read the earlier one" })).toHaveAttribute(
    "href",
    `/transcript/${earlier}`,
  );
  await user.click(screen.getByRole("button", { name: "Drop this one" }));
  await waitFor(() => {
    expect(screen.queryByText("interview.m4a")).not.toBeInTheDocument();
  });
});

test("of a folder the recordings are listed, and what was left out is told", async () => {
  const { user } = renderSignedIn("/transcribe");
  const folder = ["talk.mp3", "notes.txt", ".DS_Store"].map((name) => {
    const file = new File(["x"], name);
    Object.defineProperty(file, "webkitRelativePath", { value: `talks/${name}` });
    return file;
  });
  await user.upload(await screen.findByTestId("folder"), folder);
  expect(screen.getByText("talk.mp3")).toBeVisible();
  const notice = screen.getByRole("status");
  expect(notice).toHaveTextContent("2 files were left out");
  expect(notice).toHaveTextContent("Not a recording: notes.txt");
  expect(notice).toHaveTextContent("Hidden or made by the system: .DS_Store");
  await user.click(within(notice).getByRole("button", { name: "Close" }));
  expect(screen.queryByText(/left out/)).not.toBeInTheDocument();
});

test("the options are remembered for the account, as far as the models still know them", async () => {
  localStorage.setItem(
    "transcriber.choices.u1",
    JSON.stringify({ model: "gone", language: "de", task: "translate", hotwords: "Ada" }),
  );
  localStorage.setItem("transcriber.choices.u2", JSON.stringify({ hotwords: "somebody else's" }));
  const { user } = renderSignedIn("/transcribe");
  expect(await screen.findByRole("combobox", { name: "Model" })).toHaveValue("base");
  expect(screen.getByRole("combobox", { name: "Language spoken" })).toHaveValue("German");
  expect(screen.getByRole("radio", { name: "In English" })).toBeChecked();
  await user.click(screen.getByRole("button", { name: "More options" }));
  expect(screen.getByLabelText("Names and special words")).toHaveValue("Ada");
  await user.click(screen.getByRole("radio", { name: "As spoken" }));
  expect(JSON.parse(localStorage.getItem("transcriber.choices.u1") ?? "")).toMatchObject({
    ...{ model: "base", task: "transcribe", language: "de" },
  });
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

test("models that cannot be listed are asked for again on request", async () => {
  refuse<ListModelsData>("get", "/models", {
    ...{ status: 500, code: "internal", detail: "The folder of models cannot be read." },
  });
  const { user } = renderSignedIn("/transcribe");
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("The models could not be loaded");
  expect(alert).toHaveTextContent("The folder of models cannot be read.");
  giveModels(makeModel());
  await user.click(within(alert).getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("combobox", { name: "Model" })).toHaveValue("base");
});

test("a damaged model is not offered, and its problem is told when it is the only one", async () => {
  giveModels(makeModel({ problem: "base.pt is truncated: 10 bytes instead of 145 MB." }));
  renderSignedIn("/transcribe");
  expect(await screen.findByText(/base.pt is truncated/)).toBeVisible();
});

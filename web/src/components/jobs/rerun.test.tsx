import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  JobRead,
  ListJobsData,
  ListJobsResponses,
  ListModelsData,
  ListModelsResponses,
  ModelRead,
  ReadJobData,
  ReadJobResponses,
  RerunJobData,
  RerunJobResponses,
} from "@/api/generated";
import { renderSignedIn } from "@/testing/render-app";
import { makeJob, makeModel } from "@/testing/samples";
import { answer, disconnect, refuse, server } from "@/testing/server";

const newJob = makeJob({ id: "f".repeat(32), state: "queued", progress: null, queue_position: 1 });
const english = makeModel({
  name: "tiny.en",
  is_multilingual: false,
  is_default: false,
  languages: ["en"],
});

function giveModels(...items: ModelRead[]): void {
  answer<ListModelsData, ListModelsResponses>("get", "/models", 200, { items });
}

/** The new job, and what the service was asked for. */
function acceptRerun(): { bodies: unknown[]; keys: (string | null)[] } {
  const asked = { bodies: [] as unknown[], keys: [] as (string | null)[] };
  answer<RerunJobData, RerunJobResponses>("post", "/jobs/{job_id}/rerun", 201, async (request) => {
    asked.bodies.push(await request.json());
    asked.keys.push(request.headers.get("Idempotency-Key"));
    return newJob;
  });
  return asked;
}

/** The dialog over the library's only job. */
async function openRerun(job: JobRead) {
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, {
    items: [job],
    next_cursor: null,
    total: 1,
  });
  const app = renderSignedIn("/library");
  await app.user.click(await screen.findByRole("button", { name: "Actions for interview.m4a" }));
  await app.user.click(
    await screen.findByRole("menuitem", { name: "Transcribe with other options" }),
  );
  const dialog = within(
    await screen.findByRole("dialog", { name: "Transcribe with other options" }),
  );
  await dialog.findByRole("combobox", { name: "Model" });
  return { ...app, dialog };
}

beforeEach(() => {
  giveModels(makeModel(), english);
  answer<ReadJobData, ReadJobResponses>("get", "/jobs/{job_id}", 200, newJob);
});

test("the options of the job are offered, changed ones are sent, and the new job opens", async () => {
  const { bodies, keys } = acceptRerun();
  const { user, dialog, router } = await openRerun(
    makeJob({
      task: "translate",
      options: {
        language: "de",
        initial_prompt: "Council.",
        hotwords: null,
        word_timestamps: true,
        speakers: 2,
        beam_size: 5,
      },
    }),
  );
  expect(dialog.getByRole("combobox", { name: "Language spoken" })).toHaveValue("German");
  expect(dialog.getByRole("radio", { name: "In English" })).toBeChecked();
  await user.click(dialog.getByRole("button", { name: "More options" }));
  expect(dialog.getByLabelText("Prompt")).toHaveValue("Council.");
  expect(dialog.getByRole("switch", { name: /Time every word/ })).toBeChecked();
  const speakers = dialog.getByRole("combobox", { name: "Speakers" });
  expect(speakers).toHaveValue("2 people");
  await user.click(speakers);
  await user.click(await screen.findByRole("option", { name: "Told apart, as many as there are" }));

  await user.click(dialog.getByRole("radio", { name: "As spoken" }));
  await user.clear(dialog.getByLabelText("Prompt"));
  await user.type(dialog.getByLabelText("Names and special words"), "Ada");
  await user.click(dialog.getByRole("button", { name: "Transcribe" }));

  expect(await screen.findByText("The transcript is on its way")).toBeVisible();
  expect(router.state.location.pathname).toBe(`/transcript/${newJob.id}`);
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  expect(bodies).toEqual([
    {
      model: "base",
      language: "de",
      task: "transcribe",
      initial_prompt: null,
      hotwords: "Ada",
      word_timestamps: true,
      speakers: "auto",
    },
  ]);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
});

test("a model that is gone is replaced by one that works, and the dialog says so", async () => {
  giveModels(makeModel({ problem: "base.pt is truncated." }), english);
  const { bodies } = acceptRerun();
  const { user, dialog } = await openRerun(
    makeJob({ task: "translate", options: { language: "de" } }),
  );
  expect(dialog.getByText(/base cannot be used any more; tiny.en takes its place/)).toBeVisible();
  await user.click(dialog.getByRole("button", { name: "Transcribe" }));
  await waitFor(() => {
    expect(bodies).toMatchObject([{ model: "tiny.en", language: null, task: "transcribe" }]);
  });
});

test("the same choices sent again keep their key, other choices get another", async () => {
  const { user, dialog } = await openRerun(makeJob());
  const send = () => user.click(dialog.getByRole("button", { name: "Transcribe" }));
  const keys: (string | null)[] = [];
  server.events.on("request:start", ({ request }) => {
    if (request.url.endsWith("/rerun")) keys.push(request.headers.get("Idempotency-Key"));
  });
  disconnect<RerunJobData>("post", "/jobs/{job_id}/rerun");
  await send();
  expect(await dialog.findByRole("alert")).toHaveTextContent(/cannot be reached/);
  refuse<RerunJobData>("post", "/jobs/{job_id}/rerun", {
    status: 409,
    code: "recording_gone",
    detail: "The audio of this job was removed; send the recording again.",
  });
  await send();
  expect(await dialog.findByText(/The audio of this job was removed/)).toBeVisible();
  await user.click(dialog.getByRole("radio", { name: "In English" }));
  await send();
  await waitFor(() => {
    expect(keys).toHaveLength(3);
  });
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[1]);
});

import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type {
  DeleteRecordingData,
  DeleteRecordingResponses,
  JobRead,
  ListJobsData,
  ListJobsResponses,
} from "@/api/generated";
import { renderSignedIn } from "@/testing/render-app";
import { makeJob } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";

function listJob(job: JobRead): void {
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, {
    items: [job],
    next_cursor: null,
    total: 1,
  });
}

async function openMenu(job: JobRead) {
  listJob(job);
  const app = renderSignedIn("/library");
  await app.user.click(await screen.findByRole("button", { name: "Actions for interview.m4a" }));
  await screen.findByRole("menu");
  return app;
}

test("the recording goes after a question that says what is lost, and the job stays", async () => {
  const { user } = await openMenu(makeJob());
  await user.click(screen.getByRole("menuitem", { name: "Delete only the recording" }));
  const dialog = within(await screen.findByRole("dialog", { name: "Delete only the recording?" }));
  expect(dialog.getByText(/“interview.m4a” is removed for good/)).toBeVisible();
  expect(dialog.getByText(/The transcript stays/)).toBeVisible();
  answer<DeleteRecordingData, DeleteRecordingResponses>(
    "delete",
    "/jobs/{job_id}/recording",
    204,
    () => {
      listJob(makeJob({ has_audio: false }));
    },
  );
  await user.click(dialog.getByRole("button", { name: "Delete the recording" }));
  expect(await screen.findByText(/Recording deleted/)).toBeVisible();
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  expect(screen.getByRole("link", { name: "interview.m4a" })).toBeVisible();
});

test("without a transcript the question says that there is none", async () => {
  const { user } = await openMenu(makeJob({ state: "failed" }));
  await user.click(screen.getByRole("menuitem", { name: "Delete only the recording" }));
  expect(await screen.findByText(/There is no transcript/)).toBeVisible();
});

test("a refusal keeps the question open, with the reason", async () => {
  refuse<DeleteRecordingData>("delete", "/jobs/{job_id}/recording", {
    status: 409,
    code: "recording_in_use",
    detail: "A job over this recording has not ended; cancel it or wait for it first.",
  });
  const { user } = await openMenu(makeJob());
  await user.click(screen.getByRole("menuitem", { name: "Delete only the recording" }));
  await user.click(await screen.findByRole("button", { name: "Delete the recording" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(/has not ended/);
  await user.click(screen.getByRole("button", { name: "Keep it" }));
  await waitFor(() => {
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
});

test("what needs the recording stays within the keyboard's reach and says why it is closed", async () => {
  const { user } = await openMenu(makeJob({ state: "failed", has_audio: false }));
  const closed = ["Transcribe again", "Transcribe with other options"].map((name) =>
    screen.getByRole("menuitem", {
      name: `${name} The recording was deleted; send it again to transcribe it.`,
    }),
  );
  for (const item of closed) {
    expect(item).toHaveAttribute("aria-disabled", "true");
    await waitFor(() => {
      expect(item).toHaveFocus();
    });
    await user.keyboard("{Enter}{ArrowDown}");
  }
  expect(screen.getByRole("menu")).toBeVisible();
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  expect(screen.queryByRole("menuitem", { name: /Delete only/ })).not.toBeInTheDocument();
});

test("a job at work needs its recording", async () => {
  await openMenu(makeJob({ state: "running", progress: 0.4 }));
  expect(screen.getByRole("menuitem", { name: /Delete only the recording/ })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  expect(screen.getByText("The recording is needed until this ends.")).toBeVisible();
});

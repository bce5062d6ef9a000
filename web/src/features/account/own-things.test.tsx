import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  GetPreferencesData,
  GetPreferencesResponses,
  GetRetentionData,
  ListActivityData,
  ListActivityResponses,
  ListModelsData,
  Preferences,
  ReadAccountUsageData,
  SetPreferencesData,
  SetPreferencesResponses,
  SetRetentionData,
  SetRetentionResponses,
} from "@/api/generated";
import { answerAccountPage, tellUsage } from "@/testing/account-page";
import { renderSignedIn } from "@/testing/render-app";
import { answer, refuse, stall } from "@/testing/server";

const chosen: Preferences = {
  theme: "dark",
  language: "en",
  job_defaults: { model: "gone", language: "de", task: "translate", word_timestamps: true },
};
const broken = { status: 500, code: "internal", detail: "The database did not answer." };

beforeEach(() => {
  answerAccountPage();
});

const region = async (name: string) => within(await screen.findByRole("region", { name }));

test("what the account chose is in force, in this browser as well", async () => {
  answer<GetPreferencesData, GetPreferencesResponses>("get", "/account/preferences", 200, chosen);
  renderSignedIn("/account");
  await waitFor(() => {
    expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "dark");
  });
  const own = await region("Preferences");
  expect(await own.findByRole("combobox", { name: "Model" })).toHaveValue(
    "gone (not staged any more)",
  );
  expect(own.getByRole("combobox", { name: "Language spoken" })).toHaveValue("German");
  expect(own.getByRole("switch", { name: /Time every word/ })).toBeChecked();
});

test("each change keeps what the one before it changed", async () => {
  const sent: Preferences[] = [];
  answer<SetPreferencesData, SetPreferencesResponses>(
    "put",
    "/account/preferences",
    200,
    async (request) => {
      const body = (await request.json()) as Preferences;
      sent.push(body);
      return body;
    },
  );
  const { user } = renderSignedIn("/account");
  const own = await region("Preferences");
  await user.click(await own.findByRole("switch", { name: /Time every word/ }));
  await user.click(own.getByRole("radio", { name: "Dark" }));
  expect(await own.findByText("Kept.")).toBeVisible();
  await waitFor(() => {
    expect(sent).toHaveLength(2);
  });
  expect(sent[1]).toMatchObject({ theme: "dark", job_defaults: { word_timestamps: true } });
});

test("what could not be kept is told, and shown as the service has it", async () => {
  refuse<SetPreferencesData>("put", "/account/preferences", broken);
  const { user } = renderSignedIn("/account");
  const own = await region("Preferences");
  await user.click(await own.findByRole("switch", { name: /Time every word/ }));
  expect(await own.findByRole("alert")).toHaveTextContent("Not kept: The database did not answer.");
  expect(own.getByRole("switch", { name: /Time every word/ })).not.toBeChecked();
});

test("storage is told against the quota", async () => {
  renderSignedIn("/account");
  const storage = await region("Storage");
  expect(await storage.findByText("4 MB of 10 MB")).toBeVisible();
  expect(storage.getByText("6 MB left")).toBeVisible();
  expect(storage.getByText("1, for which 1 MB is reserved")).toBeVisible();
  expect(storage.getByText("2 hr")).toBeVisible();
});

test("without a quota there is no share, and a full one says what to do", async () => {
  tellUsage({ quota_bytes: 4_000_000 });
  renderSignedIn("/account");
  expect(await screen.findByText(/Your quota is used up/)).toBeVisible();
});

test("less time is asked for, and what holds then is shown", async () => {
  const { user } = renderSignedIn("/account");
  const kept = await region("How long things are kept");
  expect(await kept.findByText("Deleted after 30 days")).toBeVisible();
  expect(kept.getByText("Kept until you delete them")).toBeVisible();
  let sent: unknown;
  answer<SetRetentionData, SetRetentionResponses>(
    "put",
    "/account/retention",
    200,
    async (request) => {
      sent = await request.json();
      const own = { audio_days: 7, transcript_days: null };
      return { operator: { audio_days: 30, transcript_days: null }, own, effective: own };
    },
  );
  await user.type(kept.getByLabelText("Recordings: days until they are deleted"), "7");
  await user.click(kept.getByRole("button", { name: "Save" }));
  expect(await kept.findByText("Deleted after 7 days")).toBeVisible();
  expect(sent).toEqual({ audio_days: 7, transcript_days: null });
});

test("more time than the operator gives is refused in the service's words", async () => {
  refuse<SetRetentionData>("put", "/account/retention", {
    status: 422,
    code: "retention_too_long",
    detail: "audio_days can be at most 30.",
  });
  const { user } = renderSignedIn("/account");
  const kept = await region("How long things are kept");
  await user.type(await kept.findByLabelText("Recordings: days until they are deleted"), "60");
  await user.click(kept.getByRole("button", { name: "Save" }));
  expect(await kept.findByRole("alert")).toHaveTextContent("at most 30");
});

test("what was done is told with who did it", async () => {
  const act = {
    created_at: "2026-11-26T10:00:00Z",
    by: "administrator" as const,
    action: "job.delete",
    object_kind: "job",
    object_id: "x",
    detail: null,
    address: null,
  };
  answer<ListActivityData, ListActivityResponses>("get", "/auth/activity", 200, {
    items: [act, { ...act, action: "job.teleport", by: "you", address: "192.0.2.7" }],
    next_cursor: null,
  });
  renderSignedIn("/account");
  const activity = await region("Activity");
  expect(await activity.findByText("Transcription deleted")).toBeVisible();
  expect(activity.getByText(/An administrator$/)).toBeVisible();
  expect(activity.getByText("job.teleport")).toBeVisible();
  expect(activity.getByText(/You · from 192.0.2.7$/)).toBeVisible();
});

test("one part that fails or waits leaves the others", async () => {
  refuse<ReadAccountUsageData>("get", "/account/usage", broken);
  refuse<GetRetentionData>("get", "/account/retention", broken);
  stall<GetPreferencesData>("get", "/account/preferences");
  renderSignedIn("/account");
  expect(await screen.findByText("What you keep could not be added up")).toBeVisible();
  expect(await screen.findByText("How long things are kept could not be loaded")).toBeVisible();
  expect(screen.getByText("Loading your preferences")).toBeInTheDocument();
  expect(await screen.findByText("Nothing was done yet")).toBeVisible();
});

test("options whose models could not be loaded are asked for again on request", async () => {
  refuse<ListModelsData>("get", "/models", broken);
  const { user } = renderSignedIn("/account");
  const preferences = await region("Preferences");
  expect(await preferences.findByText("The models could not be loaded")).toBeVisible();
  answerAccountPage();
  await user.click(preferences.getByRole("button", { name: "Try again" }));
  expect(await preferences.findByRole("combobox", { name: "Model" })).toBeVisible();
});

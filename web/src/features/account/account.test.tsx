import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  EndOtherSessionsData,
  EndOtherSessionsResponses,
  EndSessionData,
  EndSessionResponses,
  KeyRead,
  ListKeysData,
  ListKeysResponses,
  ListSessionsData,
  ListSessionsResponses,
  RevokeKeyData,
  RevokeKeyResponses,
  SessionRead,
} from "@/api/generated";
import { answerAccountPage } from "@/testing/account-page";
import { renderSignedIn } from "@/testing/render-app";
import { makeKey, makeSession } from "@/testing/samples";
import { answer, refuse, stall } from "@/testing/server";

const here = makeSession({ id: "a".repeat(32), is_current: true });
const elsewhere = makeSession({ device: "curl/8.14.1", kind: "bearer", address: "192.0.2.9" });

function listSessions(...items: SessionRead[]): void {
  const page = { items, next_cursor: null };
  answer<ListSessionsData, ListSessionsResponses>("get", "/auth/sessions", 200, page);
}

function listKeys(...items: KeyRead[]): void {
  answer<ListKeysData, ListKeysResponses>("get", "/auth/keys", 200, { items });
}

beforeEach(() => {
  answerAccountPage();
  listSessions(here);
  listKeys();
});

const row = async (text: string) =>
  within((await screen.findByText(text)).closest("li") ?? document.body);

test("every sign-in says from where it is, and this one is marked", async () => {
  listSessions(here, elsewhere);
  renderSignedIn("/account");
  const mine = await row("Firefox on Linux");
  expect(mine.getByText("This one")).toBeVisible();
  expect(mine.queryByRole("button")).not.toBeInTheDocument();
  expect(mine.getByText(/192\.0\.2\.7 · Signed in Nov 20, 2026 · last used Nov 21/)).toBeVisible();
  const program = await row("curl/8.14.1");
  expect(program.getByText("Program")).toBeVisible();
  expect(program.queryByText("This one")).not.toBeInTheDocument();
});

test("one sign-in is ended, and the list shows it", async () => {
  listSessions(here, elsewhere);
  const { user } = renderSignedIn("/account");
  let ended = "";
  answer<EndSessionData, EndSessionResponses>(
    "delete",
    "/auth/sessions/{session_id}",
    204,
    (request) => {
      ended = request.url;
      listSessions(here);
    },
  );
  await user.click(await screen.findByRole("button", { name: /^End curl/ }));
  await waitFor(() => {
    expect(screen.queryByText("curl/8.14.1")).not.toBeInTheDocument();
  });
  expect(ended).toMatch(elsewhere.id);
  expect(screen.getByRole("main")).toHaveFocus();
});

test("a sign-in that cannot be ended stays, with the reason", async () => {
  listSessions(here, elsewhere);
  refuse<EndSessionData>("delete", "/auth/sessions/{session_id}", {
    status: 404,
    code: "not_found",
    detail: "There is no such sign-in, or it has ended.",
  });
  const { user } = renderSignedIn("/account");
  await user.click(await screen.findByRole("button", { name: /^End curl/ }));
  expect(await screen.findByRole("alert")).toHaveTextContent("There is no such sign-in");
});

test("all others are ended after a question", async () => {
  listSessions(here, elsewhere);
  const { user } = renderSignedIn("/account");
  await user.click(await screen.findByRole("button", { name: "End all others" }));
  const dialog = within(await screen.findByRole("dialog"));
  answer<EndOtherSessionsData, EndOtherSessionsResponses>("delete", "/auth/sessions", 204, () => {
    listSessions(here);
  });
  await user.click(dialog.getByRole("button", { name: "End all others" }));
  await waitFor(() => {
    expect(screen.queryByText("curl/8.14.1")).not.toBeInTheDocument();
  });
  expect(screen.queryByRole("button", { name: "End all others" })).not.toBeInTheDocument();
});

test("a refusal to end all others is told in the question", async () => {
  listSessions(here, elsewhere);
  refuse<EndOtherSessionsData>("delete", "/auth/sessions", {
    status: 503,
    code: "unavailable",
    detail: "The database is busy.",
  });
  const { user } = renderSignedIn("/account");
  await user.click(await screen.findByRole("button", { name: "End all others" }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "End all others" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("The database is busy.");
});

test("older sign-ins come page by page", async () => {
  answer<ListSessionsData, ListSessionsResponses>("get", "/auth/sessions", 200, (request) =>
    new URL(request.url).searchParams.get("cursor") === "next"
      ? { items: [elsewhere], next_cursor: null }
      : { items: [here], next_cursor: "next" },
  );
  const { user } = renderSignedIn("/account");
  await user.click(await screen.findByRole("button", { name: "Show more" }));
  expect(await screen.findByText("curl/8.14.1")).toBeVisible();
  expect(screen.getByText("Firefox on Linux")).toBeVisible();
});

test("every key says what it opens, when it was used and when it ends", async () => {
  listKeys(
    makeKey({ scopes: ["read", "write"], last_used_at: "2026-11-21T10:00:00Z" }),
    makeKey({ id: "5".repeat(32), name: "old one", expires_at: "2026-11-21T10:00:00Z" }),
  );
  renderSignedIn("/account");
  const key = await row("nightly import");
  expect(key.getByText("Read")).toBeVisible();
  expect(key.getByText("Change")).toBeVisible();
  expect(
    key.getByText(/^wt_22222222… · Made .* · last used Nov 21, 2026 · ends Jan 1, 2099$/),
  ).toBeVisible();
  const ended = await row("old one");
  expect(ended.getByText("Ended")).toBeVisible();
  expect(ended.getByText(/never used/)).toBeVisible();
});

test("a key is revoked after a question", async () => {
  listKeys(makeKey());
  const { user } = renderSignedIn("/account");
  await user.click(await screen.findByRole("button", { name: "Revoke nightly import" }));
  expect(
    await screen.findByText(/“nightly import” is refused from its next request/),
  ).toBeVisible();
  answer<RevokeKeyData, RevokeKeyResponses>("delete", "/auth/keys/{key_id}", 204, () => {
    listKeys();
  });
  await user.click(screen.getByRole("button", { name: "Revoke the key" }));
  expect(await screen.findByText("No API keys")).toBeVisible();
});

test("a key that somebody revoked meanwhile is told of, and gone after it was read", async () => {
  listKeys(makeKey());
  refuse<RevokeKeyData>("delete", "/auth/keys/{key_id}", {
    status: 404,
    code: "not_found",
    detail: "There is no such key.",
  });
  const { user } = renderSignedIn("/account");
  await user.click(await screen.findByRole("button", { name: "Revoke nightly import" }));
  await user.click(await screen.findByRole("button", { name: "Revoke the key" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("There is no such key.");
  listKeys();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  expect(await screen.findByText("No API keys")).toBeVisible();
});

test("loading is told", async () => {
  stall<ListSessionsData>("get", "/auth/sessions");
  stall<ListKeysData>("get", "/auth/keys");
  renderSignedIn("/account");
  expect(await screen.findByText("Loading your sign-ins")).toBeInTheDocument();
  expect(screen.getByText("Loading your API keys")).toBeInTheDocument();
});

test("one list that fails leaves the other", async () => {
  listKeys(makeKey());
  refuse<ListSessionsData>("get", "/auth/sessions", {
    status: 500,
    code: "internal",
    detail: "The database did not answer.",
  });
  const { user } = renderSignedIn("/account");
  expect(await screen.findByText("The database did not answer.")).toBeVisible();
  expect(await screen.findByText("nightly import")).toBeVisible();
  listSessions(here);
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Firefox on Linux")).toBeVisible();
});

test("the password is changed from here too", async () => {
  const { user } = renderSignedIn("/account");
  await user.click(await screen.findByRole("button", { name: "Change password" }));
  expect(await screen.findByLabelText("Current password")).toBeVisible();
});

test("the menu leads here", async () => {
  const { user, router } = renderSignedIn("/account");
  await user.click(await screen.findByRole("button", { name: "Account of ada" }));
  await user.click(await screen.findByRole("link", { name: "Account and API keys" }));
  expect(router.state.location.pathname).toBe("/account");
});

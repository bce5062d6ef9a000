import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  AccountRead,
  ChangeAccountData,
  ChangeAccountResponses,
  GetMeData,
  GetMeResponses,
  IssueResetData,
  IssueResetResponses,
  ListAccountsData,
  ListAccountsResponses,
  ListInvitationsData,
  ListInvitationsResponses,
} from "@/api/generated";
import { renderApp, renderSignedIn } from "@/testing/render-app";
import { ada, makeAccount } from "@/testing/samples";
import { answer, refuse, stall } from "@/testing/server";

const me = makeAccount({ ...ada, last_used_at: "2026-11-21T10:00:00Z" });

function listAccounts(...items: AccountRead[]): void {
  const page = { items, next_cursor: null };
  answer<ListAccountsData, ListAccountsResponses>("get", "/api/admin/accounts", 200, page);
}

beforeEach(() => {
  listAccounts(me, makeAccount());
  answer<ListInvitationsData, ListInvitationsResponses>("get", "/api/admin/invitations", 200, {
    items: [],
    next_cursor: null,
  });
});

const row = async (name: string) =>
  within(
    (await within(await screen.findByRole("list", { name: /^Accounts/ })).findByText(name)).closest(
      "li",
    ) ?? document.body,
  );

/** Chooses an entry of an account's menu; the question it opens. */
async function choose(name: string, entry: string) {
  const page = renderSignedIn("/admin/accounts");
  await page.user.click(await screen.findByRole("button", { name: `Actions for ${name}` }));
  await page.user.click(await screen.findByRole("menuitem", { name: entry }));
  return { user: page.user, dialog: within(await screen.findByRole("dialog")) };
}

test("every account says what it may do and when it was last there", async () => {
  listAccounts(me, makeAccount({ is_active: false }));
  renderSignedIn("/admin/accounts");
  const mine = await row("ada");
  expect(mine.getByText("You")).toBeVisible();
  expect(mine.getByText("Administrator")).toBeVisible();
  expect(mine.getByText("Since Nov 20, 2026 · last used Nov 21, 2026")).toBeVisible();
  const other = await row("bob");
  expect(other.getByText("Disabled")).toBeVisible();
  expect(other.getByText(/never signed in/)).toBeVisible();
});

test.each([
  ["Make administrator", { role: "admin" }, { role: "admin" as const }, "Administrator"],
  ["Disable", { is_active: false }, { is_active: false }, "Disabled"],
])("%s: asked first, then shown as the service answers", async (entry, body, change, badge) => {
  const { user, dialog } = await choose("bob", entry);
  let sent: unknown;
  answer<ChangeAccountData, ChangeAccountResponses>(
    "patch",
    "/api/admin/accounts/{user_id}",
    200,
    async (request) => {
      sent = await request.json();
      listAccounts(me, makeAccount(change));
      return makeAccount(change);
    },
  );
  await user.click(dialog.getByRole("button", { name: entry }));
  expect(await (await row("bob")).findByText(badge)).toBeVisible();
  expect(sent).toEqual(body);
  await waitFor(() => {
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
});

test("a disabled account is enabled again, and offered no reset link", async () => {
  listAccounts(me, makeAccount({ is_active: false }));
  const { user, dialog } = await choose("bob", "Enable");
  answer<ChangeAccountData, ChangeAccountResponses>(
    "patch",
    "/api/admin/accounts/{user_id}",
    200,
    () => {
      listAccounts(me, makeAccount());
      return makeAccount();
    },
  );
  await user.click(dialog.getByRole("button", { name: "Enable" }));
  await waitFor(() => {
    expect(screen.queryByText("Disabled")).not.toBeInTheDocument();
  });
});

test.each(["Make ordinary user", "Disable"])(
  "%s: why the last administrator stays is explained, and nothing looks changed",
  async (entry) => {
    refuse<ChangeAccountData>("patch", "/api/admin/accounts/{user_id}", {
      status: 409,
      code: "last_admin",
      detail: "This is the last administrator.",
    });
    const { user, dialog } = await choose("ada", entry);
    await user.click(dialog.getByRole("button", { name: entry }));
    expect(await dialog.findByRole("alert")).toHaveTextContent(
      "Make somebody else an administrator first",
    );
    await user.click(dialog.getByRole("button", { name: "Cancel" }));
    const mine = await row("ada");
    expect(mine.getByText("Administrator")).toBeVisible();
    expect(mine.queryByText("Disabled")).not.toBeInTheDocument();
  },
);

test("a reset link is shown once, its token behind the #", async () => {
  const { user, dialog } = await choose("bob", "Issue a reset link");
  answer<IssueResetData, IssueResetResponses>("post", "/api/admin/accounts/{user_id}/reset", 200, {
    token: "one-two_three",
    expires_at: "2096-11-27T10:00:00Z",
  });
  await user.click(dialog.getByRole("button", { name: "Issue the link" }));
  const shown = within(await screen.findByRole("dialog", { name: "Reset link" }));
  const link = `${window.location.origin}/reset#token=one-two_three`;
  expect(await shown.findByLabelText("Reset link")).toHaveValue(link);
  await user.click(shown.getByRole("button", { name: "Copy" }));
  await waitFor(async () => {
    expect(await navigator.clipboard.readText()).toBe(link);
  });
  await user.click(shown.getByRole("button", { name: "Done" }));
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("a reset that is refused says why", async () => {
  refuse<IssueResetData>("post", "/api/admin/accounts/{user_id}/reset", {
    status: 404,
    code: "not_found",
    detail: "There is no such account.",
  });
  const { user, dialog } = await choose("bob", "Issue a reset link");
  await user.click(dialog.getByRole("button", { name: "Issue the link" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("There is no such account.");
});

test("older accounts come page by page", async () => {
  answer<ListAccountsData, ListAccountsResponses>("get", "/api/admin/accounts", 200, (request) =>
    new URL(request.url).searchParams.get("cursor") === "next"
      ? { items: [makeAccount()], next_cursor: null }
      : { items: [me], next_cursor: "next" },
  );
  const { user } = renderSignedIn("/admin/accounts");
  await user.click(await screen.findByRole("button", { name: "Show more" }));
  expect(await screen.findByText("bob")).toBeVisible();
});

test("loading is told", async () => {
  stall<ListAccountsData>("get", "/api/admin/accounts");
  stall<ListInvitationsData>("get", "/api/admin/invitations");
  renderSignedIn("/admin/accounts");
  expect(await screen.findByText("Loading the accounts")).toBeInTheDocument();
  expect(screen.getByText("Loading the invitations")).toBeInTheDocument();
});

test("an empty directory says so", async () => {
  listAccounts();
  renderSignedIn("/admin/accounts");
  expect(await screen.findByText("No accounts")).toBeVisible();
});

test("a directory that cannot be loaded can be asked for again", async () => {
  refuse<ListAccountsData>("get", "/api/admin/accounts", {
    status: 403,
    code: "forbidden",
    detail: "Only administrators may do this.",
  });
  const { user } = renderSignedIn("/admin/accounts");
  expect(await screen.findByText("Only administrators may do this.")).toBeVisible();
  listAccounts(me);
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await (await row("ada")).findByText("You")).toBeVisible();
});

test("others see neither the page nor its entry in the menu", async () => {
  answer<GetMeData, GetMeResponses>("get", "/auth/me", 200, { ...ada, role: "user" });
  const { user } = renderApp("/admin/accounts");
  expect(await screen.findByText("Only administrators see this page")).toBeVisible();
  await user.click(await screen.findByRole("button", { name: "Account of ada" }));
  expect(await screen.findByRole("link", { name: "Account and API keys" })).toBeVisible();
  expect(screen.queryByRole("link", { name: "Administration" })).not.toBeInTheDocument();
});

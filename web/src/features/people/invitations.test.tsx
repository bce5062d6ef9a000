import { screen, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  CreateInvitationData,
  CreateInvitationResponses,
  InvitationRead,
  ListAccountsData,
  ListAccountsResponses,
  ListInvitationsData,
  ListInvitationsResponses,
  RevokeInvitationData,
  RevokeInvitationResponses,
} from "@/api/generated";
import { renderSignedIn } from "@/testing/render-app";
import { makeInvitation } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";

function listInvitations(...items: InvitationRead[]): void {
  const page = { items, next_cursor: null };
  answer<ListInvitationsData, ListInvitationsResponses>("get", "/api/admin/invitations", 200, page);
}

beforeEach(() => {
  answer<ListAccountsData, ListAccountsResponses>("get", "/api/admin/accounts", 200, {
    items: [],
    next_cursor: null,
  });
  listInvitations();
});

const row = async (text: string) =>
  within((await screen.findByText(text)).closest("li") ?? document.body);

async function openInvite() {
  const { user } = renderSignedIn("/admin/accounts");
  await user.click(await screen.findByRole("button", { name: "Invite somebody" }));
  return { user, dialog: within(await screen.findByRole("dialog")) };
}

test("an invitation's link is shown once, its token behind the #", async () => {
  const { user, dialog } = await openInvite();
  await user.type(dialog.getByLabelText("Note"), "for Bob");
  await user.click(dialog.getByRole("combobox", { name: "Role" }));
  await user.click(await screen.findByRole("option", { name: "Administrator" }));
  await user.click(dialog.getByRole("combobox", { name: "Good for" }));
  await user.click(await screen.findByRole("option", { name: "1 day" }));
  let sent: unknown;
  answer<CreateInvitationData, CreateInvitationResponses>(
    "post",
    "/api/admin/invitations",
    201,
    async (request) => {
      sent = await request.json();
      listInvitations(makeInvitation());
      return { ...makeInvitation(), token: "one-two_three" };
    },
  );
  await user.click(dialog.getByRole("button", { name: "Make the invitation" }));
  const link = `${window.location.origin}/sign-up#invitation=one-two_three`;
  expect(await dialog.findByLabelText("Invitation link")).toHaveValue(link);
  expect(sent).toEqual({ role: "admin", note: "for Bob", expires_in_days: 1 });
  await user.click(dialog.getByRole("button", { name: "Done" }));
  expect(await screen.findByText("for Bob")).toBeVisible();
});

test("an invitation that is refused says why and keeps the form", async () => {
  refuse<CreateInvitationData>("post", "/api/admin/invitations", {
    status: 422,
    code: "invalid",
    detail: "note is too long.",
  });
  const { user, dialog } = await openInvite();
  await user.click(dialog.getByRole("button", { name: "Make the invitation" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("note is too long.");
  expect(dialog.getByLabelText("Note")).toBeVisible();
});

test("every invitation says what became of it; only an open one can be taken back", async () => {
  listInvitations(
    makeInvitation({ note: null }),
    makeInvitation({ id: "5", note: "for C", state: "used", used_at: "2026-11-21T10:00:00Z" }),
    makeInvitation({
      id: "6",
      note: "for D",
      state: "revoked",
      revoked_at: "2026-11-22T10:00:00Z",
    }),
    makeInvitation({ id: "7", note: "for E", state: "expired", role: "admin" }),
  );
  renderSignedIn("/admin/accounts");
  const open = await row("Invitation without a note");
  expect(open.getByText("Open")).toBeVisible();
  expect(open.getByText(/ends Nov 27, 2096/)).toBeVisible();
  expect((await row("for C")).getByText(/used Nov 21, 2026/)).toBeVisible();
  expect((await row("for D")).getByText(/revoked Nov 22, 2026/)).toBeVisible();
  expect((await row("for E")).getByText("Expired")).toBeVisible();
  expect((await row("for E")).getByText("Administrator")).toBeVisible();
  expect(screen.getAllByRole("button", { name: /^Revoke/ })).toHaveLength(1);
});

test("an open invitation is taken back after a question", async () => {
  listInvitations(makeInvitation());
  const { user } = renderSignedIn("/admin/accounts");
  await user.click(await screen.findByRole("button", { name: "Revoke the invitation “for Bob”" }));
  answer<RevokeInvitationData, RevokeInvitationResponses>(
    "delete",
    "/api/admin/invitations/{invitation_id}",
    204,
    () => {
      listInvitations(makeInvitation({ state: "revoked", revoked_at: "2026-11-22T10:00:00Z" }));
    },
  );
  await user.click(await screen.findByRole("button", { name: "Revoke the invitation" }));
  expect(await screen.findByText("Revoked")).toBeVisible();
});

test("that somebody used it meanwhile is explained, and shown when that was read", async () => {
  listInvitations(makeInvitation());
  refuse<RevokeInvitationData>("delete", "/api/admin/invitations/{invitation_id}", {
    status: 409,
    code: "invitation_used",
    detail: "It was used.",
  });
  const { user } = renderSignedIn("/admin/accounts");
  await user.click(await screen.findByRole("button", { name: /^Revoke the invitation/ }));
  const dialog = within(await screen.findByRole("dialog"));
  await user.click(dialog.getByRole("button", { name: "Revoke the invitation" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent("already signed up");
  listInvitations(makeInvitation({ state: "used", used_at: "2026-11-22T10:00:00Z" }));
  await user.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(await screen.findByText("Used")).toBeVisible();
});

test("without any the list says so, and a failure can be tried again", async () => {
  refuse<ListInvitationsData>("get", "/api/admin/invitations", {
    status: 500,
    code: "internal",
    detail: "The database did not answer.",
  });
  const { user } = renderSignedIn("/admin/accounts");
  expect(await screen.findByText("The database did not answer.")).toBeVisible();
  listInvitations();
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Nobody was invited yet")).toBeVisible();
});

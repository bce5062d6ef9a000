import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";
import type {
  AuditEntryRead,
  AuditVerificationRead,
  ExportAuditEntriesData,
  ListAccountsData,
  ListAccountsResponses,
  ListAuditEntriesData,
  ListAuditEntriesResponses,
  ReadAccountData,
  ReadAccountResponses,
  VerifyAuditEntriesData,
  VerifyAuditEntriesResponses,
} from "@/api/generated";
import { renderSignedIn } from "@/testing/render-app";
import { makeAccount } from "@/testing/samples";
import { answer, refuse, stall } from "@/testing/server";

const bob = makeAccount({ role: "admin" });

function makeEntry(change: Partial<AuditEntryRead> = {}): AuditEntryRead {
  return {
    id: 1,
    created_at: "2026-11-26T10:00:00Z",
    actor: `admin:${bob.user_id}`,
    action: "job.delete",
    object_kind: "job",
    object_id: "a".repeat(32),
    user_id: "b".repeat(32),
    detail: null,
    address: "192.0.2.7",
    request_id: null,
    sequence: 12,
    hash: "f".repeat(64),
    seal_key: null,
    ...change,
  };
}

function verification(change: Partial<AuditVerificationRead> = {}): AuditVerificationRead {
  return {
    is_intact: true,
    checked: 1_200,
    unkeyed: 0,
    removed: { sequence: 0, hash: "" },
    head: { sequence: 1_200, hash: "5f0c" },
    unsealed: 0,
    unsealed_since: null,
    is_known_checked: false,
    fault: null,
    ...change,
  };
}

let asked: URLSearchParams[];

beforeEach(() => {
  asked = [];
  answer<ListAuditEntriesData, ListAuditEntriesResponses>(
    "get",
    "/api/admin/audit",
    200,
    (request) => {
      asked.push(new URL(request.url).searchParams);
      return { items: [makeEntry()], next_cursor: null };
    },
  );
  answer<ListAccountsData, ListAccountsResponses>("get", "/api/admin/accounts", 200, {
    items: [bob],
    next_cursor: null,
  });
  answer<ReadAccountData, ReadAccountResponses>("get", "/api/admin/accounts/{user_id}", 200, bob);
});

test("an entry is told in words, with who, whose and from where", async () => {
  renderSignedIn("/admin/audit");
  const list = within(await screen.findByRole("list", { name: /^Entries/ }));
  expect(list.getByText("Transcription deleted")).toBeVisible();
  expect(await list.findByText(/by bob as administrator · of bob · job aaaaaaaa…/)).toBeVisible();
  expect(list.getByText("#12")).toBeVisible();
});

test("filters go into the address and to the service", async () => {
  const { user, router } = renderSignedIn("/admin/audit");
  await screen.findByText("#12");
  await user.click(screen.getByRole("combobox", { name: "Who acted" }));
  await user.click(await screen.findByRole("option", { name: "bob as administrator" }));
  await user.type(screen.getByLabelText("Id of the object"), "abc");
  await user.click(screen.getByRole("button", { name: "Filter" }));
  const actor = `admin:${bob.user_id}`;
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ actor, object: "abc" });
  });
  await waitFor(() => {
    expect(Object.fromEntries(asked.at(-1) ?? [])).toEqual({ actor, object_id: "abc" });
  });
});

test("a whole chain says so, with its end", async () => {
  answer<VerifyAuditEntriesData, VerifyAuditEntriesResponses>(
    "get",
    "/api/admin/audit/verification",
    200,
    verification(),
  );
  const { user } = renderSignedIn("/admin/audit");
  await user.click(await screen.findByRole("button", { name: "Verify the chain" }));
  expect(await screen.findByText("The chain is whole")).toBeVisible();
  expect(screen.getByText("1,200 entries were checked.")).toBeVisible();
  expect(screen.getByText("1200:5f0c")).toBeVisible();
});

test("a broken chain names what does not fit", async () => {
  const fault = { kind: "changed" as const, sequence: 7, entry_id: 9, detail: "It was altered." };
  answer<VerifyAuditEntriesData, VerifyAuditEntriesResponses>(
    "get",
    "/api/admin/audit/verification",
    200,
    verification({ is_intact: false, fault }),
  );
  const { user } = renderSignedIn("/admin/audit");
  await user.click(await screen.findByRole("button", { name: "Verify the chain" }));
  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("The chain is broken");
  expect(alert).toHaveTextContent("Entry #7 is another than was sealed there.It was altered.");
});

test("a file that cannot be taken out says why", async () => {
  const save = vi.spyOn(URL, "createObjectURL");
  refuse<ExportAuditEntriesData>("get", "/api/admin/audit/export", {
    status: 503,
    code: "audit_unsealed",
    detail: "The audit trail cannot be sealed.",
  });
  const { user } = renderSignedIn("/admin/audit");
  await user.click(await screen.findByRole("button", { name: "Take out" }));
  await user.click(await screen.findByRole("menuitem", { name: /CSV/ }));
  expect(await screen.findByText("The audit trail cannot be sealed.")).toBeVisible();
  expect(save).not.toHaveBeenCalled();
});

test("loading and failing are told", async () => {
  stall<ListAuditEntriesData>("get", "/api/admin/audit");
  renderSignedIn("/admin/audit");
  expect(await screen.findByText("Loading the entries")).toBeInTheDocument();
});

test("a log that cannot be loaded can be asked for again", async () => {
  refuse<ListAuditEntriesData>("get", "/api/admin/audit", {
    status: 500,
    code: "internal",
    detail: "The database did not answer.",
  });
  renderSignedIn("/admin/audit");
  expect(await screen.findByText("The database did not answer.")).toBeVisible();
  expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
});

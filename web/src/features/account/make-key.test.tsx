import { screen, within } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, expect, test } from "vitest";
import type {
  CreateKeyData,
  CreateKeyResponses,
  GetMeData,
  GetMeResponses,
  ListKeysData,
  ListKeysResponses,
  ListSessionsData,
  ListSessionsResponses,
} from "@/api/generated";
import { answerAccountPage } from "@/testing/account-page";
import { renderApp, renderSignedIn } from "@/testing/render-app";
import { ada, makeKey } from "@/testing/samples";
import { answer, refuse, server } from "@/testing/server";

const SECRET = "wt_22222222222222222222222222222222_secret";

beforeEach(() => {
  answerAccountPage();
  answer<ListSessionsData, ListSessionsResponses>("get", "/auth/sessions", 200, {
    items: [],
    next_cursor: null,
  });
  answer<ListKeysData, ListKeysResponses>("get", "/auth/keys", 200, { items: [] });
});

async function openDialog(page = renderSignedIn("/account")) {
  await page.user.click(await screen.findByRole("button", { name: "Make a key" }));
  return { user: page.user, dialog: within(await screen.findByRole("dialog")) };
}

const make = { name: "Make the key" };

test("a key is made as asked for, and its secret shown once with a way to copy it", async () => {
  const { user, dialog } = await openDialog();
  await user.type(dialog.getByLabelText("Name"), "nightly import");
  await user.click(dialog.getByRole("checkbox", { name: "Change" }));
  await user.click(dialog.getByRole("combobox", { name: "Ends after" }));
  await user.click(await screen.findByRole("option", { name: "30 days" }));
  let sent: unknown;
  answer<CreateKeyData, CreateKeyResponses>("post", "/auth/keys", 201, async (request) => {
    sent = await request.json();
    answer<ListKeysData, ListKeysResponses>("get", "/auth/keys", 200, { items: [makeKey()] });
    return { ...makeKey(), secret: SECRET };
  });
  await user.click(dialog.getByRole("button", make));

  expect(await dialog.findByLabelText("Key")).toHaveValue(SECRET);
  expect(sent).toEqual({ name: "nightly import", scopes: ["read", "write"], expires_in_days: 30 });
  await user.click(dialog.getByRole("button", { name: "Copy" }));
  expect(await dialog.findByText("Copied")).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe(SECRET);
  await user.keyboard("{Escape}");
  expect(dialog.getByLabelText("Key")).toBeVisible();

  await user.click(dialog.getByRole("button", { name: "Done" }));
  expect(await screen.findByText("nightly import")).toBeVisible();
  expect(document.body).not.toHaveTextContent(SECRET);
});

test("a key whose answer was lost is asked for by the same name of the wish", async () => {
  const { user, dialog } = await openDialog();
  const names: (string | null)[] = [];
  await user.type(dialog.getByLabelText("Name"), "import");
  const url: CreateKeyData["url"] = "/auth/keys";
  server.use(
    http.post(window.location.origin + url, ({ request }) => {
      names.push(request.headers.get("Idempotency-Key"));
      return HttpResponse.error();
    }),
  );
  await user.click(dialog.getByRole("button", make));
  await dialog.findByRole("alert");
  answer<CreateKeyData, CreateKeyResponses>("post", "/auth/keys", 201, (request) => {
    names.push(request.headers.get("Idempotency-Key"));
    return { ...makeKey(), secret: null };
  });
  await user.click(dialog.getByRole("button", make));
  expect(await dialog.findByText(/has shown this before/)).toBeVisible();
  expect(names[0]).toMatch(/^\w{32}$/);
  expect(names[1]).toBe(names[0]);
});

test("without a name or anything to open nothing is sent", async () => {
  const { user, dialog } = await openDialog();
  await user.click(dialog.getByRole("checkbox", { name: "Read" }));
  await user.click(dialog.getByRole("button", make));
  expect(await dialog.findByText("Fill in this field.")).toBeVisible();
  expect(dialog.getByText("Allow it at least one thing.")).toBeVisible();
});

test.each([
  [409, "too_many_keys", "You have as many keys as one account may have."],
  [422, "invalid", "A key ends within 60 days here."],
])("a refusal, %i %s, is told and the form stays", async (status, code, words) => {
  refuse<CreateKeyData>("post", "/auth/keys", { status, code, detail: words });
  const { user, dialog } = await openDialog();
  await user.type(dialog.getByLabelText("Name"), "import");
  await user.click(dialog.getByRole("button", make));
  expect(await dialog.findByRole("alert")).toHaveTextContent(words);
  expect(dialog.getByLabelText("Name")).toHaveValue("import");
});

test("only administrators are offered keys that administer", async () => {
  const admin = await openDialog();
  expect(admin.dialog.getByRole("checkbox", { name: "Administer" })).toBeVisible();
});

test("others are not", async () => {
  answer<GetMeData, GetMeResponses>("get", "/auth/me", 200, { ...ada, role: "user" });
  const { dialog } = await openDialog(renderApp("/account"));
  expect(dialog.getByRole("checkbox", { name: "Read" })).toBeVisible();
  expect(dialog.queryByRole("checkbox", { name: "Administer" })).not.toBeInTheDocument();
});

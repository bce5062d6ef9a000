import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type {
  ReadSignUpData,
  ReadSignUpResponses,
  SignUpData,
  SignUpRead,
  SignUpResponses,
} from "@/api/generated";
import { renderApp } from "@/testing/render-app";
import { answer, refuse, stall } from "@/testing/server";

function openDoor(mode: SignUpRead["mode"]): void {
  answer<ReadSignUpData, ReadSignUpResponses>("get", "/auth/sign-up", 200, { mode });
}

function acceptSignUp(): () => unknown {
  let sent: unknown;
  answer<SignUpData, SignUpResponses>("post", "/auth/sign-up", 201, async (request) => {
    sent = await request.json();
    return { user_id: "u2", name: "bob", role: "user" };
  });
  return () => sent;
}

async function fillIn(user: ReturnType<typeof renderApp>["user"]): Promise<void> {
  await user.type(await screen.findByLabelText("Name"), "bob");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.type(screen.getByLabelText("Password again"), "correct horse");
}

const create = { name: "Create the account" };

test("an invitation's link makes an account, and leads to the sign-in with its name", async () => {
  openDoor("invitation");
  const readSent = acceptSignUp();
  const { user, router } = renderApp("/sign-up#invitation=one-two_three");
  await fillIn(user);
  expect(screen.queryByLabelText("Invitation")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", create));

  expect(await screen.findByText("Your account is ready. Sign in with it.")).toBeVisible();
  expect(screen.getByLabelText("Name")).toHaveValue("bob");
  expect(readSent()).toEqual({
    name: "bob",
    password: "correct horse",
    invitation: "one-two_three",
  });
  expect(router.state.location.href).toBe("/sign-in");
});

test("where an invitation is needed and the link brought none, it is asked for", async () => {
  openDoor("invitation");
  const readSent = acceptSignUp();
  const { user } = renderApp("/sign-up");
  await fillIn(user);
  await user.click(screen.getByRole("button", create));
  expect(await screen.findByText("Fill in this field.")).toBeVisible();
  await user.type(
    screen.getByLabelText("Invitation"),
    "https://texts.example/sign-up#invitation=pasted",
  );
  await user.click(screen.getByRole("button", create));
  expect(await screen.findByText("Your account is ready. Sign in with it.")).toBeVisible();
  expect(readSent()).toMatchObject({ invitation: "pasted" });
});

test("where signing up is open, no invitation is asked for", async () => {
  openDoor("open");
  const readSent = acceptSignUp();
  const { user } = renderApp("/sign-in");
  await user.click(await screen.findByRole("link", { name: "Create an account" }));
  await fillIn(user);
  expect(screen.queryByLabelText("Invitation")).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", create));
  expect(await screen.findByText("Your account is ready. Sign in with it.")).toBeVisible();
  expect(readSent()).toEqual({ name: "bob", password: "correct horse" });
});

test("where nobody signs up, the page says so and the sign-in leads to none", async () => {
  openDoor("closed");
  const { user } = renderApp("/sign-up");
  expect(await screen.findByText("Nobody signs up here")).toBeVisible();
  await user.click(screen.getByRole("link", { name: "I have an account already" }));
  expect(await screen.findByRole("heading", { name: "Sign in" })).toBeVisible();
  expect(screen.queryByRole("link", { name: "Create an account" })).not.toBeInTheDocument();
});

test("nothing is sent with an empty name, a short password or two different ones", async () => {
  openDoor("open");
  const { user } = renderApp("/sign-up");
  await user.type(await screen.findByLabelText("Password"), "short");
  await user.click(screen.getByRole("button", create));
  expect(await screen.findByText("Use at least 10 characters.")).toBeVisible();
  expect(screen.getByText("Fill in this field.")).toBeVisible();
  await user.type(screen.getByLabelText("Password"), " no longer");
  expect(await screen.findByText("The two new passwords differ.")).toBeVisible();
});

test.each([
  [403, "sign_up_closed", "Nobody signs up here. Ask an administrator for an account."],
  [403, "invitation_required", "You need an invitation. Ask an administrator for one."],
  [409, "name_taken", "There is an account of this name already. Choose another name."],
  [410, "invitation_gone", "This invitation cannot be used"],
  [422, "bad_name", "A name has visible characters only."],
  [429, "rate_limited", "Too many attempts; try again later."],
])("a refusal, %i %s, is explained and the form stays", async (status, code, words) => {
  openDoor("open");
  refuse<SignUpData>("post", "/auth/sign-up", { status, code, detail: words });
  const { user } = renderApp("/sign-up#invitation=good");
  await fillIn(user);
  await user.click(screen.getByRole("button", create));
  expect(await screen.findByRole("alert")).toHaveTextContent(words);
  expect(screen.getByLabelText("Name")).toHaveValue("bob");
});

test("loading is told", async () => {
  stall<ReadSignUpData>("get", "/auth/sign-up");
  renderApp("/sign-up");
  expect(await screen.findByText("Asking whether people may sign up here")).toBeInTheDocument();
});

test("a failure to learn who may sign up can be tried again", async () => {
  refuse<ReadSignUpData>("get", "/auth/sign-up", {
    status: 500,
    code: "internal",
    detail: "Something broke.",
  });
  const { user } = renderApp("/sign-up");
  expect(await screen.findByText("Something broke.")).toBeVisible();
  openDoor("open");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByLabelText("Name")).toBeVisible();
});

import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type {
  GetMeData,
  GetMeResponses,
  ListJobsData,
  ListJobsResponses,
  ListModelsData,
  ListModelsResponses,
  LoginData,
  LoginResponses,
} from "@/api/generated";
import { renderApp } from "@/testing/render-app";
import { ada } from "@/testing/samples";
import { answer, disconnect, refuse } from "@/testing/server";

const signedOut = { status: 401, code: "unauthenticated", detail: "Sign in first." };

test("a visitor is led to the sign-in and back to the page that was asked for", async () => {
  refuse<GetMeData>("get", "/auth/me", signedOut);
  const { user, router } = renderApp("/library");
  await user.type(await screen.findByLabelText("Name"), "ada");
  await user.type(screen.getByLabelText("Password"), "correct horse");

  let sent: unknown;
  answer<LoginData, LoginResponses>("post", "/auth/login", 200, async (request) => {
    sent = await request.json();
    return { account: ada, kind: "cookie", token: null, expires_at: "2026-12-01T00:00:00Z" };
  });
  answer<GetMeData, GetMeResponses>("get", "/auth/me", 200, ada);
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, {
    items: [],
    next_cursor: null,
    total: 0,
  });
  await user.click(screen.getByRole("button", { name: "Sign in" }));

  expect(await screen.findByText("Nothing transcribed yet")).toBeVisible();
  expect(router.state.location.pathname).toBe("/library");
  expect(sent).toEqual({ name: "ada", password: "correct horse", kind: "cookie" });
});

test("a refusal is told in the service's own sentence", async () => {
  refuse<LoginData>("post", "/auth/login", {
    status: 401,
    code: "bad_credentials",
    detail: "The name or the password is wrong.",
  });
  const { user } = renderApp("/sign-in");
  await user.type(await screen.findByLabelText("Name"), "ada");
  await user.type(screen.getByLabelText("Password"), "wrong");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The name or the password is wrong.");
});

test("without a connection the sign-in says so", async () => {
  disconnect<LoginData>("post", "/auth/login");
  const { user } = renderApp("/sign-in");
  await user.type(await screen.findByLabelText("Name"), "ada");
  await user.type(screen.getByLabelText("Password"), "right");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("cannot be reached");
});

test("an empty form is sent nowhere", async () => {
  const { user } = renderApp("/sign-in");
  await user.click(await screen.findByRole("button", { name: "Sign in" }));
  expect(await screen.findAllByText("Fill in this field.")).toHaveLength(2);
});

test("an address of another site is not taken as the page to return to", async () => {
  const { user, router } = renderApp("/sign-in?next=%2F%2Fevil.example");
  await user.type(await screen.findByLabelText("Name"), "ada");
  await user.type(screen.getByLabelText("Password"), "right");
  answer<LoginData, LoginResponses>("post", "/auth/login", 200, {
    account: ada,
    kind: "cookie",
    token: null,
    expires_at: "2026-12-01T00:00:00Z",
  });
  answer<GetMeData, GetMeResponses>("get", "/auth/me", 200, ada);
  answer<ListModelsData, ListModelsResponses>("get", "/models", 200, { items: [] });
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  expect(await screen.findByRole("heading", { name: "Transcribe recordings" })).toBeVisible();
  expect(router.state.location.href).toBe("/transcribe");
});

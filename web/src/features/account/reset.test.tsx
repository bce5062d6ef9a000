import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { UseResetData, UseResetResponses } from "@/api/generated";
import { renderApp } from "@/testing/render-app";
import { answer, refuse } from "@/testing/server";

async function choosePassword(page: string) {
  const rendered = renderApp(page);
  const { user } = rendered;
  await user.type(await screen.findByLabelText("New password"), "correct horse");
  await user.type(screen.getByLabelText("New password again"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Set the password" }));
  return rendered;
}

test("a link sets a new password, once, and leads to the sign-in", async () => {
  let sent: unknown;
  answer<UseResetData, UseResetResponses>("post", "/auth/reset", 204, async (request) => {
    sent = await request.json();
  });
  const { router } = await choosePassword("/reset#token=one-two_three");
  expect(await screen.findByText("Your new password is set. Sign in with it.")).toBeVisible();
  expect(sent).toEqual({ token: "one-two_three", new_password: "correct horse" });
  // Neither the address nor the way back holds the token any more.
  expect(router.state.location.href).toBe("/sign-in");
  expect(router.history.length).toBe(1);
});

test("a link that is no good any more is explained", async () => {
  refuse<UseResetData>("post", "/auth/reset", {
    status: 410,
    code: "reset_gone",
    detail: "It is gone.",
  });
  await choosePassword("/reset#token=old");
  expect(await screen.findByRole("alert")).toHaveTextContent("This link cannot be used");
});

test("what the service finds wrong with the password is told in its words", async () => {
  refuse<UseResetData>("post", "/auth/reset", {
    status: 422,
    code: "invalid",
    detail: "new_password is too long.",
  });
  await choosePassword("/reset#token=good");
  expect(await screen.findByRole("alert")).toHaveTextContent("new_password is too long.");
});

test("two different passwords are sent nowhere", async () => {
  const { user } = renderApp("/reset#token=good");
  await user.type(await screen.findByLabelText("New password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Set the password" }));
  expect(await screen.findByText("The two new passwords differ.")).toBeVisible();
});

test("a link that lost its end says so", async () => {
  renderApp("/reset");
  expect(await screen.findByText("This link is incomplete")).toBeVisible();
});

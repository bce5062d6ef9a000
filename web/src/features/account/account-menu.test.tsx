import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  ChangePasswordData,
  ChangePasswordResponses,
  ListJobsData,
  ListJobsResponses,
  LogoutData,
  LogoutResponses,
} from "@/api/generated";
import { renderSignedIn } from "@/testing/render-app";
import { answer, refuse } from "@/testing/server";

beforeEach(() => {
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, {
    items: [],
    next_cursor: null,
    total: 0,
  });
});

async function openMenu() {
  const page = renderSignedIn("/library");
  await page.user.click(await screen.findByRole("button", { name: "Account of ada" }));
  return page;
}

test("signing out ends at the sign-in", async () => {
  answer<LogoutData, LogoutResponses>("post", "/auth/logout", 204, undefined);
  const { user, router } = await openMenu();
  await user.click(await screen.findByRole("button", { name: "Sign out" }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe("/sign-in");
  });
});

test("the theme is applied at once and remembered", async () => {
  const { user } = await openMenu();
  await user.click(await screen.findByRole("radio", { name: "Dark" }));
  expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "dark");
  expect(localStorage.getItem("transcriber.theme")).toBe("dark");
});

test("the language changes in place", async () => {
  const { user } = await openMenu();
  await user.click(await screen.findByRole("radio", { name: "Deutsch" }));
  expect(await screen.findByRole("heading", { name: "Bibliothek" })).toBeVisible();
  expect(document.documentElement.lang).toBe("de");
  await user.click(await screen.findByRole("radio", { name: "English" }));
  expect(await screen.findByRole("heading", { name: "Library" })).toBeVisible();
});

test("a new password is checked before it is sent, and a refusal keeps the session", async () => {
  const { user, router } = await openMenu();
  await user.click(await screen.findByRole("button", { name: "Change password" }));
  await user.type(await screen.findByLabelText("Current password"), "old");
  await user.type(screen.getByLabelText("New password"), "correct horse battery");
  await user.type(screen.getByLabelText("New password again"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Change password" }));
  expect(await screen.findByText("The two new passwords differ.")).toBeVisible();

  refuse<ChangePasswordData>("post", "/auth/password", {
    status: 401,
    code: "bad_credentials",
    detail: "The current password is wrong.",
  });
  await user.type(screen.getByLabelText("New password again"), " battery");
  await user.click(screen.getByRole("button", { name: "Change password" }));
  expect(await screen.findByText("The current password is wrong.")).toBeVisible();
  expect(router.state.location.pathname).toBe("/library");

  answer<ChangePasswordData, ChangePasswordResponses>("post", "/auth/password", 204, undefined);
  await user.click(screen.getByRole("button", { name: "Change password" }));
  expect(await screen.findByText("Your password was changed.")).toBeVisible();
});

import type { BrowserContext, Page } from "@playwright/test";
import { expect, expectAccessible, openMenu, signIn, test, watchConsole } from "./test.ts";

// Two browsers, and many looks at what a screen reader gets.
test.setTimeout(300_000);

const PASSWORD = "correct horse battery";

/** Invites somebody on the page for people; the link that is shown once. */
async function invite(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Invite somebody" }).click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("Note").fill("for Bob");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Make the invitation" }).click();
  const link = await dialog.getByLabel("Invitation link").inputValue();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText("for Bob")).toBeVisible();
  return link;
}

/** Follows an invitation in a browser of its own, up to the sign-in with the new account. */
async function signUp(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: "Create the account" }).click();
  await expect(page.getByText("Fill in this field.")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("Name").fill("bob");
  await page.getByRole("textbox", { name: "Password", exact: true }).fill(PASSWORD);
  await page.getByRole("textbox", { name: "Password again" }).fill(PASSWORD);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create the account" }).click();
  await expect(page.getByText("Your account is ready.")).toBeVisible();
  await expect(page.getByLabel("Name")).toHaveValue("bob");
  await expectAccessible(page);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Makes a key on the account's page; the secret that is shown once. */
async function makeKey(page: Page): Promise<string> {
  await openMenu(page, "bob");
  await expect(page.getByRole("link", { name: "Administration" })).toHaveCount(0);
  await page.getByRole("link", { name: "Account and API keys" }).click();
  await expect(page.getByText("This one")).toBeVisible();
  await expect(page.getByText("No API keys")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Make a key" }).click();
  const dialog = page.getByRole("dialog", { name: "Make a key" });
  await dialog.getByLabel("Name").fill("nightly import");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Make the key" }).click();
  const secret = await dialog.getByLabel("Key", { exact: true }).inputValue();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("list", { name: /^API keys/ })).toContainText("nightly import");
  return secret;
}

test("somebody is let in, works with a key, and is locked out", async ({
  page,
  service,
  browser,
  playwright,
}) => {
  const context: BrowserContext = await browser.newContext({ baseURL: service.address });
  const other = await context.newPage();
  const reports = watchConsole(other);
  const program = await playwright.request.newContext({ baseURL: service.address });
  let key = "";
  const askAsProgram = () => program.get("/jobs/", { headers: { Authorization: `Bearer ${key}` } });

  const link = await test.step("an administrator invites somebody", async () => {
    await page.goto("/admin/accounts");
    await signIn(page, service);
    await expect(page.getByText("Nobody was invited yet")).toBeVisible();
    await expectAccessible(page);
    return invite(page);
  });

  await test.step("the invited signs up, in a browser of their own", async () => {
    await signUp(other, link);
    await expect(other.getByRole("heading", { name: "Transcribe recordings" })).toBeVisible();
  });

  await test.step("a program works with a key of theirs", async () => {
    key = await makeKey(other);
    expect((await askAsProgram()).status()).toBe(200);
  });

  await test.step("the invitation is used, and opens nothing more", async () => {
    await page.reload();
    const row = page.getByRole("listitem").filter({ hasText: "for Bob" });
    await expect(row.getByText("Used", { exact: true })).toBeVisible();
    await expect(row.getByRole("button")).toHaveCount(0);
  });

  await test.step("the administrator disables the account", async () => {
    await page.getByRole("button", { name: "Actions for bob" }).click();
    await expectAccessible(page);
    await page.getByRole("menuitem", { name: "Disable" }).click();
    const dialog = page.getByRole("dialog", { name: "Disable bob?" });
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Disable" }).click();
    const row = page.getByRole("listitem").filter({ hasText: "bob" });
    await expect(row.getByText("Disabled")).toBeVisible();
    await expect(dialog).toHaveCount(0);
    await expectAccessible(page);
  });

  await test.step("neither their browser nor their program gets in any more", async () => {
    expect((await askAsProgram()).status()).toBe(401);
    await other.getByRole("link", { name: "Library" }).click();
    await expect(other.getByRole("heading", { name: "Sign in" })).toBeVisible();
    await other.getByLabel("Name").fill("bob");
    await other.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
    await other.getByRole("button", { name: "Sign in" }).click();
    await expect(other.getByRole("alert")).toBeVisible();
    await expectAccessible(other);
  });

  expect(reports).toEqual([]);
  await program.dispose();
  await context.close();
});

test("a reset link lets its owner choose a new password, once", async ({ page, service }) => {
  await page.goto("/admin/accounts");
  await signIn(page, service);
  await page.getByRole("button", { name: "Actions for admin" }).click();
  await page.getByRole("menuitem", { name: "Issue a reset link" }).click();
  await page.getByRole("button", { name: "Issue the link" }).click();
  const dialog = page.getByRole("dialog", { name: "Reset link" });
  const link = await dialog.getByLabel("Reset link").inputValue();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Done" }).click();

  await page.goto(link);
  // The same password again: later journeys sign in with it.
  await page.getByRole("textbox", { name: "New password", exact: true }).fill(service.password);
  await page.getByRole("textbox", { name: "New password again" }).fill(service.password);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Set the password" }).click();
  await expect(page.getByText("Your new password is set.")).toBeVisible();
  expect(new URL(page.url()).hash).toBe("");
  await signIn(page, service);
  await expect(page.getByRole("heading", { name: "Transcribe recordings" })).toBeVisible();
});

import { addAccount } from "./direct.ts";
import { expect, expectAccessible, readBeginning, signIn, test } from "./test.ts";

// Two transcriptions, and many looks at what a screen reader gets.
test.setTimeout(300_000);

test("a recording is transcribed twice, then deleted without its transcripts", async ({
  page,
  service,
}) => {
  await test.step("it is transcribed", async () => {
    await page.goto("/transcribe");
    await signIn(page, await addAccount(service, "rhea"));
    const buffer = readBeginning(8);
    await page
      .getByTestId("files")
      .setInputFiles({ name: "dickens.wav", mimeType: "audio/wav", buffer });
    await page.getByRole("button", { name: "Transcribe 1 file" }).click();
    await page.getByRole("link", { name: "Read dickens.wav" }).click({ timeout: 120_000 });
    await expect(page.getByRole("list", { name: "Transcript" })).toBeVisible();
  });

  await test.step("its recording is transcribed once more, with other options", async () => {
    const first = page.url();
    await page.getByRole("button", { name: "Actions for dickens.wav" }).click();
    await expectAccessible(page);
    await page.getByRole("menuitem", { name: "Transcribe with other options" }).click();
    const dialog = page.getByRole("dialog", { name: "Transcribe with other options" });
    await dialog.getByRole("combobox", { name: "Language spoken" }).click();
    await expectAccessible(page);
    await page.getByRole("option", { name: "English", exact: true }).click();
    await dialog.getByRole("button", { name: "More options" }).click();
    await dialog.getByRole("switch", { name: /Time every word/ }).click();
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Transcribe", exact: true }).click();
    await expect(page).not.toHaveURL(first);
    await expect(page.getByRole("list", { name: "Transcript" })).toContainText("best of times", {
      ignoreCase: true,
      timeout: 120_000,
    });
    // The language was given this time, so nothing was detected.
    await expect(page.getByText(/ · English · /)).toBeVisible();
  });

  await test.step("the recording is deleted, the transcripts stay", async () => {
    const actions = page.getByRole("button", { name: "Actions for dickens.wav" });
    await actions.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: "Delete only the recording" }).press("Enter");
    await expect(page.getByText(/removed for good, for every transcription/)).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(actions).toBeFocused();
    await actions.click();
    await page.getByRole("menuitem", { name: "Delete only the recording" }).click();
    await page.getByRole("button", { name: "Delete the recording" }).click();
    await expect(page.getByText(/Recording deleted/)).toBeVisible();
    await page.reload();
    await expect(page.getByRole("list", { name: "Transcript" })).toBeVisible();
    await actions.click();
    const again = page.getByRole("menuitem", { name: /Transcribe with other options/ });
    await expect(again).toHaveAttribute("aria-disabled", "true");
    await expect(again).toContainText("send it again");
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Library", exact: true }).first().click();
    await expect(page.getByText(/Recording deleted/)).toHaveCount(2);
    await expectAccessible(page);
  });

  await test.step("the transcripts are deleted too", async () => {
    const rows = page.getByRole("listitem").filter({ hasText: "dickens.wav" });
    for (const left of [1, 0]) {
      await rows.first().getByRole("button", { name: "Actions for dickens.wav" }).click();
      await page.getByRole("menuitem", { name: "Delete", exact: true }).click();
      await page.getByRole("button", { name: "Delete for good" }).click();
      await expect(rows).toHaveCount(left);
    }
    await expect(page.getByText("Nothing transcribed yet")).toBeVisible();
  });
});

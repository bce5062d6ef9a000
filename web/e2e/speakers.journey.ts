import { addAccount } from "./direct.ts";
import { readConversation } from "./recording.ts";
import { expect, expectAccessible, signIn, test } from "./test.ts";

test("two people are told apart, and one is given a name", async ({ page, service }) => {
  const text = page.getByRole("list", { name: "Transcript" });

  await test.step("a conversation is sent", async () => {
    await page.goto("/transcribe");
    await signIn(page, await addAccount(service, "sonja"));
    const buffer = readConversation(8);
    await page
      .getByTestId("files")
      .setInputFiles({ name: "talk.wav", mimeType: "audio/wav", buffer });
    await page.getByRole("combobox", { name: "Speakers" }).click();
    await expectAccessible(page);
    await page.getByRole("option", { name: "Told apart, as many as there are" }).click();
    await page.getByRole("button", { name: "Transcribe 1 file" }).click();
    await page.getByRole("link", { name: "Read talk.wav" }).click({ timeout: 120_000 });
  });

  await test.step("the transcript says who speaks", async () => {
    await expect(text).toContainText("Speaker 1");
    await expect(text).toContainText("Speaker 2");
    await expectAccessible(page);
  });

  await test.step("a speaker is given a name in every passage", async () => {
    await page.getByRole("button", { name: "Speaker: Speaker 1. Change it" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Who speaks?" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Ada");
    await dialog.getByRole("radio", { name: "every passage of Speaker 1" }).check();
    await dialog.getByRole("button", { name: "Set" }).click();
    await expect(text).toContainText("Ada");
    await expect(text).not.toContainText("Speaker 1");
    await expect(text).toContainText("Speaker 2");
    await expectAccessible(page);
  });
});

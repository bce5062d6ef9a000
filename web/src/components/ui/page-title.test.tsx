import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { renderPart } from "@/testing/render-part";
import { PageTitle } from "./PageTitle";

test("the window is called as the page is, for as long as that is shown", () => {
  const { rerender } = renderPart(<PageTitle>Library</PageTitle>);
  expect(screen.getByRole("heading", { level: 1, name: "Library" })).toBeVisible();
  expect(document.title).toBe("Library · Whisper Transcriber");
  rerender(<PageTitle>Account</PageTitle>);
  expect(document.title).toBe("Account · Whisper Transcriber");
  rerender(null);
  expect(document.title).toBe("Whisper Transcriber");
});

import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type {
  ListJobsData,
  ListJobsResponses,
  ListModelsData,
  ListModelsResponses,
  ListTagsData,
  ListTagsResponses,
  SetTagsData,
  SetTagsResponses,
} from "@/api/generated";
import { renderSignedIn } from "@/testing/render-app";
import { makeJob, makeModel } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";

/** Answers the list, whatever is asked; gives the newest question. */
function open(page: string, items = [makeJob({ tags: ["work"] })]) {
  const asked = { params: new URLSearchParams() };
  answer<ListJobsData, ListJobsResponses>("get", "/jobs/", 200, (request) => {
    asked.params = new URL(request.url).searchParams;
    return { items, next_cursor: null, total: items.length };
  });
  answer<ListModelsData, ListModelsResponses>("get", "/models", 200, { items: [makeModel()] });
  answer<ListTagsData, ListTagsResponses>("get", "/transcripts/tags", 200, {
    items: [
      { tag: "work", transcripts: 1 },
      { tag: "home", transcripts: 2 },
    ],
    next_after: null,
  });
  return { ...renderSignedIn(page), asked };
}

const link = () => screen.findByRole("link", { name: "interview.m4a" });

test("an address says what is shown, and what it should not say is passed over", async () => {
  const { asked } = open(
    "/library?state=failed&language=de&tag=work&name=2026&sort=-name&task=sing&to=yesterday&x=1",
  );
  await link();
  expect([...asked.params]).toEqual([
    ["language", "de"],
    ["tag", "work"],
    ["name", "2026"],
    ["state", "failed"],
    ["state", "quarantined"],
    ["sort", "-name"],
  ]);
  expect(screen.getByRole("link", { name: "Failed" })).toHaveAttribute("aria-current", "page");
  expect(screen.getByRole("button", { name: "Filters, 3 set" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Remove the filter Language: German" })).toBeVisible();
});

test("states, order and filters are chosen, and the way back undoes the last choice", async () => {
  const { user, router, asked } = open("/library");
  await link();
  await user.click(screen.getByRole("link", { name: "In progress" }));
  await waitFor(() => {
    expect(asked.params.getAll("state")).toEqual(["queued", "running"]);
  });
  await user.click(screen.getByRole("combobox", { name: "Order" }));
  await user.click(await screen.findByRole("option", { name: "Name, A to Z" }));
  await user.click(screen.getByRole("button", { name: "Filters" }));
  await user.click(screen.getByRole("combobox", { name: "Tag" }));
  await user.click(await screen.findByRole("option", { name: "home" }));
  await user.type(screen.getByRole("textbox", { name: "Name contains" }), "talk");
  await waitFor(() => {
    expect(Object.fromEntries(asked.params)).toMatchObject({
      sort: "name",
      tag: "home",
      name: "talk",
    });
  });
  router.history.back();
  await waitFor(() => {
    expect(router.state.location.search).toEqual({ state: "active", sort: "name", tag: "home" });
  });
  expect(screen.getByRole("textbox", { name: "Name contains" })).toHaveValue("");
});

test("where nothing fits all filters are taken away at once", async () => {
  const { user, router } = open("/library?state=cancelled&model=tiny", []);
  expect(await screen.findByText("Nothing fits these filters")).toBeVisible();
  const buttons = screen.getAllByRole("button", { name: "Clear filters" });
  await user.click(buttons.at(-1) ?? document.body);
  expect(router.state.location.search).toEqual({});
  expect(await screen.findByText("Nothing transcribed yet")).toBeVisible();
});

test("filters whose choices could not be loaded say so", async () => {
  const { user } = open("/library");
  await link();
  refuse<ListModelsData>("get", "/models", {
    ...{ status: 500, code: "internal", detail: "The folder of models cannot be read." },
  });
  await user.click(screen.getByRole("button", { name: "Filters" }));
  expect(await screen.findByRole("alert")).toHaveTextContent(
    "Not all choices are here. The folder of models cannot be read.",
  );
  expect(screen.getByRole("combobox", { name: "Tag" })).toBeVisible();
});

test("a tag leads to all that have it", async () => {
  const { user, asked } = open("/library");
  await link();
  await user.click(screen.getByRole("link", { name: "work" }));
  await waitFor(() => {
    expect(asked.params.get("tag")).toBe("work");
  });
});

test("tags are changed on a row; a refusal keeps what was written", async () => {
  const { user } = open("/library");
  await link();
  await user.click(screen.getByRole("button", { name: "Edit the tags of interview.m4a" }));
  await user.type(await screen.findByRole("combobox", { name: "Tags" }), "home{Enter}");
  refuse<SetTagsData>("put", "/transcripts/{job_id}/tags", {
    status: 410,
    code: "transcript_deleted",
    detail: "The transcript was deleted.",
  });
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The transcript was deleted.");
  answer<SetTagsData, SetTagsResponses>("put", "/transcripts/{job_id}/tags", 200, {
    tags: ["home", "work"],
  });
  await user.click(screen.getByRole("button", { name: "Save" }));
  expect(await screen.findByRole("link", { name: "home" })).toBeVisible();
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

import { createMemoryHistory } from "@tanstack/react-router";
import { expect, test } from "vitest";
import { SCREENS } from "../../e2e/screens.ts";
import { createSession } from "./session";

test("every route is a screen that a browser visits before a release", () => {
  const { router } = createSession(createMemoryHistory());
  expect(Object.keys(SCREENS).sort()).toEqual(Object.keys(router.routesByPath).sort());
});

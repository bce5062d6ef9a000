import { gzipSync } from "node:zlib";
import type { Rollup } from "vite";
import { expect, test } from "vitest";
import { findCircle, measureParts } from "./report-sizes.ts";
import { findBudget } from "./size-budgets.ts";

function makeChunk(name: string, change: Partial<Rollup.OutputChunk>): Rollup.OutputChunk {
  const chunk = { type: "chunk", name, fileName: `${name}.js`, code: name, imports: [] };
  return { isEntry: false, isDynamicEntry: false, ...chunk, ...change } as Rollup.OutputChunk;
}

const size = (...codes: string[]) => codes.reduce((all, code) => all + gzipSync(code).length, 0);

test("a part weighs what it adds to the first screen, shared chunks included", () => {
  const parts = measureParts([
    makeChunk("main", { isEntry: true, imports: ["kit.js"] }),
    makeChunk("kit", {}),
    makeChunk("player", { code: "play".repeat(100), imports: ["kit.js"] }),
    makeChunk("TranscriptScreen", {
      isDynamicEntry: true,
      facadeModuleId: "/web/src/features/transcript/TranscriptScreen.tsx",
      imports: ["kit.js", "player.js"],
    }),
    makeChunk("de", { isDynamicEntry: true, facadeModuleId: "/web/src/i18n/de.ts" }),
  ]);
  expect(parts).toEqual([
    { name: "initial JavaScript", bytes: size("main", "kit"), budget: 200_000 },
    {
      name: "TranscriptScreen",
      bytes: size("TranscriptScreen", "play".repeat(100)),
      budget: 170_000,
    },
    { name: "de", bytes: size("de"), budget: 100_000 },
  ]);
});

test("a build without an entry is an error, not a build of nothing", () => {
  expect(() => measureParts([])).toThrow("no entry");
});

test("files that need each other are told, at any distance", () => {
  const straight = [
    makeChunk("main", { imports: ["kit.js"] }),
    makeChunk("kit", { imports: ["base.js"] }),
    makeChunk("base", {}),
  ];
  expect(findCircle(straight)).toBeUndefined();
  const back = makeChunk("base", { imports: ["panel.js"] });
  const circle = [...straight.slice(0, 2), back, makeChunk("panel", { imports: ["kit.js"] })];
  expect(findCircle(circle)).toEqual(["kit.js", "base.js", "panel.js"]);
});

test("each feature has a budget", () => {
  expect(findBudget("/web/src/features/admin/DashboardScreen.tsx")).toBe(240_000);
  expect(findBudget("/web/src/features/library/LibraryScreen.tsx")).toBe(110_000);
});

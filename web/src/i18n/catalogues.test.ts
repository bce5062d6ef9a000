import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { de } from "./catalogues/de";
import { en } from "./catalogues/en";

/** Every text by its dotted key. */
function flatten(branch: object, prefix = ""): [string, string][] {
  return Object.entries(branch).flatMap(([key, value]): [string, string][] =>
    typeof value === "string"
      ? [[prefix + key, value]]
      : flatten(value as object, `${prefix}${key}.`),
  );
}

const english = flatten(en);
const german = new Map(flatten(de));

test("German says everything that English says, and nothing else", () => {
  expect([...german.keys()].sort()).toEqual(english.map(([key]) => key).sort());
});

test("every German text holds the same values as the English one", () => {
  const values = (text = "") => (text.match(/\{\{\w+\}\}/g) ?? []).sort().join();
  const different = english.filter(([key, text]) => values(german.get(key)) !== values(text));
  expect(different).toEqual([]);
  expect([...german].filter(([, text]) => text.trim() === "")).toEqual([]);
});

test("every text is used by a screen", () => {
  const source = readSources(join(import.meta.dirname, ".."));
  const unused = english
    .map(([key]) => key.replace(/_(zero|one|other)$/, ""))
    .filter((key) => {
      // The last part of a key may be computed, as the names of states and formats are.
      const computed = `${key.slice(0, key.lastIndexOf("."))}.\${`;
      return !source.includes(`"${key}"`) && !source.includes(`\`${computed}`);
    });
  expect(unused).toEqual([]);
});

function readSources(folder: string): string {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => !/\.test\.tsx?$|generated|catalogues$/.test(path))
    .map((path) => {
      if (statSync(path).isDirectory()) return readSources(path);
      return /\.tsx?$/.test(path) ? readFileSync(path, "utf8") : "";
    })
    .join("\n");
}

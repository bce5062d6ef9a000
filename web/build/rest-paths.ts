import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Addresses that the service has and its document does not describe. */
const UNDOCUMENTED = ["/openapi.json", "/problems/{code}", "/v1/{rest}"];

/** Every path of the API as a template, such as `/jobs/{job_id}`. */
export function readRestPaths(): string[] {
  const text = readFileSync(join(import.meta.dirname, "../openapi.json"), "utf8");
  const { paths } = JSON.parse(text) as { paths: Record<string, unknown> };
  return [...Object.keys(paths), ...UNDOCUMENTED];
}

/** The first segments of these paths. */
export function listRestRoots(): string[] {
  return [...new Set(readRestPaths().map((path) => path.split("/")[1] ?? ""))].sort();
}

/** A pattern of every address that the API answers, and of no page of the application. */
export function matchRestPaths(): string {
  const paths = readRestPaths().map((path) =>
    path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/?]+"),
  );
  return `^(?:${paths.join("|")})(?:[?]|$)`;
}

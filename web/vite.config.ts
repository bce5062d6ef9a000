import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compressFiles } from "./build/compress-files.ts";
import { contentSecurityPolicy } from "./build/content-security-policy.ts";
import { matchRestPaths } from "./build/rest-paths.ts";
import { reportSizes } from "./build/report-sizes.ts";
import { themeVariables } from "./build/theme-variables.ts";

/**
 * Joins what would be a hundred small files, of which a browser asks for six at a time: what the
 * first screen needs, the libraries that most screens use, and what the same screens share. To join
 * more (`entriesAwareMergeThreshold`) makes files that need each other, which break as they load.
 */
const groups = [
  { name: "first", tags: ["$initial" as const], priority: 1 },
  { name: "kit", test: /node_modules/, minShareCount: 9, priority: 0.5 },
  { name: "shared", minShareCount: 2, entriesAware: true },
];

const service = process.env["TRANSCRIBER_URL"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), themeVariables(), contentSecurityPolicy(), reportSizes(), compressFiles()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    // The built application travels inside the Python wheel and is served by the API.
    outDir: "../src/transcriber/static",
    emptyOutDir: true,
    // Inlined assets would need data: addresses in the content security policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    // One stylesheet: the screens' own rules are few, and each file is a round trip.
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: { proxy: { [matchRestPaths()]: { target: service } } },
  test: {
    restoreMocks: true,
    testTimeout: 30_000,
    // On a busy machine once more; the report tells which needed it.
    retry: process.env["CI"] ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: "application",
          environment: "jsdom",
          setupFiles: ["src/testing/setup.ts"],
          include: ["src/**/*.test.{ts,tsx}"],
          css: false,
        },
      },
      { extends: true, test: { name: "build", include: ["build/**/*.test.ts"] } },
    ],
  },
});

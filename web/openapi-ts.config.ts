import { defineConfig } from "@hey-api/openapi-ts";

export default defineConfig({
  input: "openapi.json",
  // A second path lets `npm run check:generated` compare without touching the working tree.
  output: { path: process.env["GENERATED_DIR"] ?? "src/api/generated", clean: true },
  plugins: [
    { name: "@hey-api/client-fetch", runtimeConfigPath: "@/api/client-config", baseUrl: false },
    "@hey-api/typescript",
    { name: "@hey-api/sdk" },
    { name: "@tanstack/react-query" },
  ],
});

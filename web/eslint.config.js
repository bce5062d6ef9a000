import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";
import { noOwnTransport } from "./build/lint/no-own-transport.ts";
import { noRestPaths } from "./build/lint/no-rest-paths.ts";
import { listRestRoots } from "./build/rest-paths.ts";

/** Rules of this repository: the service is reached through the generated client alone. */
const contract = { rules: { "no-own-transport": noOwnTransport, "no-rest-paths": noRestPaths } };
// `/account` is a page, `/account/retention` is not.
const restPaths = { roots: listRestRoots(), pages: ["account"] };

/** What a layer may not import: app → features → components, api, i18n, lib. */
const layers = {
  app: ["@/app", "@/app/*"],
  features: ["@/features/*"],
};
const forbid = (...groups) => ({
  "no-restricted-imports": [
    "error",
    {
      patterns: [
        { group: groups.flat(), message: "Imports point one way: app → features → shared." },
        { group: ["../../*"], message: "Import from another folder by its @/ name." },
      ],
    },
  ],
});
const features = ["account", "admin", "library", "people", "transcribe", "transcript"];

export default tseslint.config(
  { ignores: ["src/api/generated", "node_modules", "test-results"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  jsxA11y.flatConfigs.strict,
  reactHooks.configs.flat["recommended-latest"],
  {
    plugins: { contract },
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "contract/no-own-transport": "error",
      "contract/no-rest-paths": ["error", restPaths],
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", { max: 90, skipComments: true, skipBlankLines: true }],
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  { files: ["src/{components,api,i18n,lib}/**"], rules: forbid(layers.app, layers.features) },
  ...features.map((feature) => ({
    files: [`src/features/${feature}/**`],
    rules: forbid(
      layers.app,
      features.filter((other) => other !== feature).map((other) => `@/features/${other}/**`),
    ),
  })),
  {
    // The two ends of the wire: the client's own fetch, and the one that can report progress.
    files: ["src/api/client-config.ts", "src/lib/fetch-with-progress.ts"],
    rules: { "contract/no-own-transport": "off" },
  },
  {
    // A test's path is typed by the generated client, which refuses one that does not exist.
    files: ["src/**/*.test.{ts,tsx}", "src/testing/**"],
    rules: {
      "contract/no-own-transport": "off",
      "contract/no-rest-paths": "off",
      "no-restricted-imports": "off",
      "max-lines-per-function": "off",
    },
  },
  {
    // The type argument is given by the caller: it is what ties the path to the contract.
    files: ["src/testing/server.ts", "e2e/mocked-service.ts"],
    rules: { "@typescript-eslint/no-unnecessary-type-parameters": "off" },
  },
  {
    // These drive the service from outside, as an operator's own tools do, and render no React.
    files: ["e2e/**"],
    rules: {
      "contract/no-own-transport": "off",
      "contract/no-rest-paths": "off",
      "react-hooks/rules-of-hooks": "off",
      // A journey is one story, told in steps.
      "max-lines-per-function": "off",
    },
  },
  { files: ["build/rest-paths.ts"], rules: { "contract/no-rest-paths": "off" } },
  { files: ["*.{js,ts}", "build/**", "e2e/**"], languageOptions: { globals: globals.node } },
  { files: ["*.js"], extends: [tseslint.configs.disableTypeChecked] },
);

import js from "@eslint/js";
import jsxA11y from "eslint-plugin-jsx-a11y";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

// Every first segment of a REST route; the pages of the application use none of them.
const REST_PATH =
  "/^\\u002F(auth|uploads|jobs|transcripts|models|api|v1|healthz|readyz|metrics)(\\u002F|\\?|$)/";
const restPathMessage =
  "REST paths come from the generated client (src/api/generated), never by hand.";
const transportMessage = "Call the service through the generated client (src/api/generated).";

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
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: `Literal[value=${REST_PATH}]`, message: restPathMessage },
        { selector: `TemplateElement[value.raw=${REST_PATH}]`, message: restPathMessage },
        { selector: "NewExpression[callee.name='XMLHttpRequest']", message: transportMessage },
        { selector: "CallExpression[callee.name='fetch']", message: transportMessage },
        { selector: "CallExpression[callee.property.name='fetch']", message: transportMessage },
      ],
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
    rules: { "no-restricted-syntax": "off" },
  },
  {
    // A test's path is typed by the generated client, which refuses one that does not exist.
    files: ["src/**/*.test.{ts,tsx}", "src/testing/**"],
    rules: {
      "no-restricted-syntax": "off",
      "no-restricted-imports": "off",
      "max-lines-per-function": "off",
    },
  },
  {
    // The type argument is given by the caller: it is what ties the path to the contract.
    files: ["src/testing/server.ts"],
    rules: { "@typescript-eslint/no-unnecessary-type-parameters": "off" },
  },
  {
    // These drive the service from outside, as an operator's own tools do, and render no React.
    files: ["e2e/**"],
    rules: { "no-restricted-syntax": "off", "react-hooks/rules-of-hooks": "off" },
  },
  { files: ["*.{js,ts}", "build/**", "e2e/**"], languageOptions: { globals: globals.node } },
  { files: ["*.js"], extends: [tseslint.configs.disableTypeChecked] },
);

import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import type { Plugin } from "vite";
import { theme } from "../src/app/theme.ts";

const ID = "virtual:theme-variables.css";

/**
 * Writes the theme's CSS variables into the stylesheet at build.  Left to itself the component kit
 * writes them into a `<style>` element in the browser, which the content security policy forbids.
 */
export function themeVariables(): Plugin {
  return {
    name: "theme-variables",
    resolveId: (id) => (id === ID ? `\0${ID}` : undefined),
    load(id) {
      if (id !== `\0${ID}`) return undefined;
      const merged = mergeMantineTheme(DEFAULT_THEME, theme);
      return convertCssVariables(defaultCssVariablesResolver(merged));
    },
  };
}

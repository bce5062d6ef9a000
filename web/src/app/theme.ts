import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The brand's blue-green: shade 7 carries white text at 5.9:1, shade 4 dark text at 8:1. */
const tide: MantineColorsTuple = [
  "#e9f8fa",
  "#d3eef2",
  "#a7dde5",
  "#75cad6",
  "#4cb9c9",
  "#2fa3b5",
  "#178c9e",
  "#0b6e7d",
  "#095966",
  "#05444f",
];

/** Neutral darks with a trace of the brand's hue, so that the dark theme is calm, not black. */
const dark: MantineColorsTuple = [
  "#dce3e6",
  "#b6c1c6",
  "#8d9ba1",
  "#66767d",
  "#46555c",
  "#324047",
  "#243037",
  "#192328",
  "#131b20",
  "#0d1418",
];

export const theme = createTheme({
  colors: { tide, dark },
  primaryColor: "tide",
  primaryShade: { light: 7, dark: 7 },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // The kit's menus open with the focus on an empty element; the first entry is the better place.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
  },
  // System fonts: nothing is fetched, and every script the recordings hold has its glyphs.
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, "Cascadia Code", "DejaVu Sans Mono", Menlo, Consolas, monospace',
  headings: { fontWeight: "650", sizes: { h1: { fontSize: "clamp(1.5rem, 4vw, 2rem)" } } },
});

/** The segments that are marked on the page, wholly or in part, by their names. */
export function readMarked(): number[] {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed) return [];
  return [...document.querySelectorAll("[data-segment]")]
    .filter((row) => selection.containsNode(row, true))
    .map((row) => Number(row.getAttribute("data-segment")));
}

/** The segment that the keyboard is at: the row of what has the focus. */
export function readFocused(): number | undefined {
  const row = document.activeElement?.closest("[data-segment]");
  return row ? Number(row.getAttribute("data-segment")) : undefined;
}

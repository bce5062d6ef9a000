const HIT = "[data-hit]";

/** Moves the focus among the passages that were found; false where there is none to go to. */
export function focusHit(where: "first" | "next" | "previous"): boolean {
  const hits = [...document.querySelectorAll<HTMLElement>(HIT)];
  const place = hits.findIndex((hit) => hit === document.activeElement);
  const wanted = { first: 0, next: place + 1, previous: place - 1 }[where];
  hits[wanted]?.focus();
  return hits[wanted] !== undefined;
}

/** Moves the focus back to the words that are searched for. */
export function focusSearch(): void {
  document.querySelector<HTMLElement>("[role=search] input")?.focus();
}

/** What to ask for after a page; nothing after the last. */
export function nextPage({ next_cursor: cursor }: { next_cursor: string | null }) {
  return cursor === null ? undefined : { query: { cursor } };
}

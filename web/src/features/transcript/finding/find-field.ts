export const FIND_FIELD_ID = "find-in-transcript";

/** Longer selections are no search. */
const MAX_SELECTION_LENGTH = 60;

/** Gives the field the focus, where it is there already; one that opens takes it by itself. */
export function focusFindField(): void {
  const field = document.getElementById(FIND_FIELD_ID);
  if (!(field instanceof HTMLInputElement)) return;
  field.focus();
  field.select();
}

/** What is marked on the page, if it may be what somebody looks for. */
export function readSelection(): string {
  const text = window.getSelection()?.toString().trim() ?? "";
  return text.length <= MAX_SELECTION_LENGTH && !text.includes("\n") ? text : "";
}

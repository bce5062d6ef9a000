/** Gives the page's content the focus when what had it is gone, so that reading goes on there. */
export function focusContent(): void {
  document.querySelector("main")?.focus({ preventScroll: true });
}

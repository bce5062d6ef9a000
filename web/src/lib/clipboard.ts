/** Copies text; false when the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  // Browsers offer the clipboard interface only on https; on a plain http address the old way works.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) return copyBySelection(text);
  try {
    await clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  // Deprecated without a successor where the page is not served over https.
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}

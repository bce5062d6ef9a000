import type { PickedFile } from "./picked-file";

/** What Chromium has beside the old file input: it gives handles, by which files open again. */
interface PickerWindow {
  showOpenFilePicker?: (options: { multiple: boolean }) => Promise<FileSystemFileHandle[]>;
}

export function hasFilePicker(): boolean {
  return (window as PickerWindow).showOpenFilePicker !== undefined;
}

/** The files that somebody chooses; none when the dialog is closed without. */
export async function openFiles(isMultiple: boolean): Promise<PickedFile[]> {
  const { showOpenFilePicker } = window as PickerWindow;
  if (!showOpenFilePicker) return [];
  let handles: FileSystemFileHandle[];
  try {
    handles = await showOpenFilePicker.call(window, { multiple: isMultiple });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return [];
    throw error;
  }
  return Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), handle })));
}

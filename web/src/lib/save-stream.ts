import { saveFile } from "./download";

/** The part of the File System Access API that is used here; TypeScript's library lacks it. */
interface FilePicker {
  showSaveFilePicker?: (options: {
    suggestedName: string;
  }) => Promise<{ createWritable: () => Promise<WritableStream<Uint8Array>> }>;
}

/** Where a file goes that is larger than a page should hold. */
export type SaveStream = (content: ReadableStream<Uint8Array>) => Promise<void>;

/**
 * Asks where to save a file, and gives what writes it as it arrives; undefined where the person
 * thought better of it.  Browsers that cannot ask get it as a download, which they keep themselves.
 */
export async function chooseTarget(fileName: string): Promise<SaveStream | undefined> {
  const { showSaveFilePicker: ask } = window as FilePicker;
  if (!ask) {
    return async (content) => {
      saveFile(await new Response(content).blob(), fileName);
    };
  }
  try {
    const file = await ask({ suggestedName: fileName });
    return async (content) => content.pipeTo(await file.createWritable());
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return undefined;
    throw error;
  }
}

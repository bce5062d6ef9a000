/** What Chromium adds to a file's handle; other browsers have no handles of a person's files. */
interface ReopenableHandle extends FileSystemFileHandle {
  queryPermission?: (mode: { mode: "read" }) => Promise<PermissionState>;
  requestPermission?: (mode: { mode: "read" }) => Promise<PermissionState>;
}

const READ = { mode: "read" } as const;

export interface Fingerprint {
  sizeBytes: number;
  lastModified: number;
}

/** The file behind a handle, if it may be read without a question and has not changed. */
export async function reopen(
  handle: ReopenableHandle,
  expected: Fingerprint,
): Promise<File | undefined> {
  if ((await handle.queryPermission?.(READ)) !== "granted") return undefined;
  return readUnchanged(handle, expected);
}

/** The same after the browser has asked; only a click or a key may lead here. */
export async function askAndReopen(
  handle: ReopenableHandle,
  expected: Fingerprint,
): Promise<File | undefined> {
  if ((await handle.requestPermission?.(READ)) !== "granted") return undefined;
  return readUnchanged(handle, expected);
}

async function readUnchanged(
  handle: FileSystemFileHandle,
  { sizeBytes, lastModified }: Fingerprint,
): Promise<File | undefined> {
  let file: File;
  try {
    file = await handle.getFile();
  } catch (error) {
    // It was moved or deleted: the person is asked for it, as without a handle.
    if (error instanceof DOMException) return undefined;
    throw error;
  }
  return file.size === sizeBytes && file.lastModified === lastModified ? file : undefined;
}

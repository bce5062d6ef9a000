import type { PickedFile, Selection } from "./picked-file";
import { type FolderFile, siftFolder } from "./sift-folder";

/** What Chromium adds: handles, by which files can be opened again. */
interface HandleItem extends DataTransferItem {
  getAsFileSystemHandle?: () => Promise<FileSystemHandle | null>;
}

interface Drop {
  file: File | null;
  entry: FileSystemEntry | null;
  handle: Promise<FileSystemHandle | null>;
}

/**
 * Everything that was dropped, folders opened.  The browser empties the list when the event is over,
 * so all of it is taken before the first wait.
 */
export async function readDrop({ items, files }: DataTransfer): Promise<Selection> {
  const drops = Array.from((items as ArrayLike<HandleItem> | undefined) ?? [])
    .filter(({ kind }) => kind === "file")
    .map(takeItem);
  if (drops.length === 0) return { files: Array.from(files, (file) => ({ file })), ignored: [] };
  const selection: Selection = { files: [], ignored: [] };
  for (const drop of drops) {
    const { files: more, ignored } = await openDrop(drop);
    selection.files.push(...more);
    selection.ignored.push(...ignored);
  }
  return selection;
}

function takeItem(item: HandleItem): Drop {
  return {
    file: item.getAsFile(),
    entry: item.webkitGetAsEntry(),
    handle: item.getAsFileSystemHandle?.() ?? Promise.resolve(null),
  };
}

async function openDrop({ file, entry, handle: opening }: Drop): Promise<Selection> {
  // What a program dropped has no place on a disk, and the browser refuses to give a handle of it.
  const handle = await opening.catch(() => null);
  if (handle && isFolder(handle)) return siftFolder(await walkFolder(handle, []));
  if (entry && isFolderEntry(entry)) return siftFolder(await walkEntry(entry, []));
  if (!file) return { files: [], ignored: [] };
  const picked: PickedFile = { file, handle: handle && isFile(handle) ? handle : undefined };
  return { files: [picked], ignored: [] };
}

async function walkFolder(
  folder: FileSystemDirectoryHandle,
  path: readonly string[],
): Promise<FolderFile[]> {
  const found: FolderFile[] = [];
  for await (const handle of folder.values()) {
    if (isFolder(handle)) found.push(...(await walkFolder(handle, [...path, handle.name])));
    else found.push({ file: await handle.getFile(), handle, path });
  }
  return found;
}

async function walkEntry(
  folder: FileSystemDirectoryEntry,
  path: readonly string[],
): Promise<FolderFile[]> {
  const found: FolderFile[] = [];
  const reader = folder.createReader();
  for (;;) {
    // The browser gives about a hundred at a time, and none when there are no more.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (batch.length === 0) return found;
    for (const entry of batch) {
      if (isFolderEntry(entry)) found.push(...(await walkEntry(entry, [...path, entry.name])));
      else found.push({ file: await openEntry(entry as FileSystemFileEntry), path });
    }
  }
}

function openEntry(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === "directory";
}

function isFile(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === "file";
}

function isFolderEntry(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

import { expect, test } from "vitest";
import { readDrop } from "./read-drop";
import { siftChosenFolder, siftFolder } from "./sift-folder";

const make = (name: string, type = "") => new File(["x"], name, { type });
const inFolder = (path: string, type = "") => {
  const file = make(path.split("/").at(-1) ?? "", type);
  Object.defineProperty(file, "webkitRelativePath", { value: path });
  return file;
};

test("of a folder the recordings are taken, in their order, and the rest is told", () => {
  const { files, ignored } = siftChosenFolder([
    inFolder("talks/track 10.mp3"),
    inFolder("talks/track 2.mp3"),
    inFolder("talks/video/take.bin", "video/mp4"),
    inFolder("talks/notes.txt", "text/plain"),
    inFolder("talks/.DS_Store"),
    inFolder("talks/Thumbs.db"),
    inFolder("talks/.cache/old.wav"),
  ]);
  expect(files.map(({ file }) => file.name)).toEqual(["track 2.mp3", "track 10.mp3", "take.bin"]);
  expect(ignored).toEqual([
    { name: "old.wav", reason: "hidden" },
    { name: ".DS_Store", reason: "hidden" },
    { name: "notes.txt", reason: "other" },
    { name: "Thumbs.db", reason: "hidden" },
  ]);
});

test("an empty folder has nothing", () => {
  expect(siftFolder([])).toEqual({ files: [], ignored: [] });
});

/** A dropped file or folder, as every browser tells of it. */
function entryOf(name: string, content: File | FileSystemEntry[]): FileSystemEntry {
  if (content instanceof File) {
    const file = (give: (file: File) => void) => {
      give(content);
    };
    return { name, isDirectory: false, isFile: true, file } as unknown as FileSystemEntry;
  }
  const batches = [...content.map((each) => [each]), []];
  const createReader = () => ({
    readEntries: (give: (batch: FileSystemEntry[]) => void) => {
      give(batches.shift() ?? []);
    },
  });
  return { name, isDirectory: true, isFile: false, createReader } as unknown as FileSystemEntry;
}

function drop(items: object[], files: File[] = []): DataTransfer {
  const kind = "file";
  return {
    items: items.map((item) => ({ kind, getAsFile: () => null, ...item })),
    files,
  } as unknown as DataTransfer;
}

test("dropped folders are opened, batch after batch, folders in folders too", async () => {
  const inner = entryOf("inner", [entryOf("b.wav", make("b.wav"))]);
  const folder = entryOf("talks", [
    entryOf("a.wav", make("a.wav")),
    inner,
    entryOf(".hidden", make(".hidden")),
  ]);
  const single = make("notes.txt");
  const { files, ignored } = await readDrop(
    drop([
      { webkitGetAsEntry: () => folder },
      { webkitGetAsEntry: () => entryOf("notes.txt", single), getAsFile: () => single },
    ]),
  );
  expect(files.map(({ file }) => file.name)).toEqual(["a.wav", "b.wav", "notes.txt"]);
  expect(ignored).toEqual([{ name: ".hidden", reason: "hidden" }]);
});

test("where there are handles they come along, of files in folders too", async () => {
  const handleOf = (file: File) => ({
    kind: "file",
    name: file.name,
    getFile: () => Promise.resolve(file),
  });
  const [a, b] = [handleOf(make("a.wav")), handleOf(make("b.wav"))];
  const folder = { kind: "directory", name: "talks", values: () => [b].values() };
  const { files } = await readDrop(
    drop([
      {
        webkitGetAsEntry: () => null,
        getAsFile: () => make("a.wav"),
        getAsFileSystemHandle: () => Promise.resolve(a),
      },
      { webkitGetAsEntry: () => null, getAsFileSystemHandle: () => Promise.resolve(folder) },
    ]),
  );
  expect(files.map(({ file, handle }) => [file.name, handle])).toEqual([
    ["a.wav", a],
    ["b.wav", b],
  ]);
});

test("a handle that the browser refuses is done without", async () => {
  const { files } = await readDrop(
    drop([
      {
        webkitGetAsEntry: () => null,
        getAsFile: () => make("a.wav"),
        getAsFileSystemHandle: () => Promise.reject(new DOMException("no", "NotFoundError")),
      },
    ]),
  );
  expect(files.map(({ file, handle }) => [file.name, handle])).toEqual([["a.wav", undefined]]);
});

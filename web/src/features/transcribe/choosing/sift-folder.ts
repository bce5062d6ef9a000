import type { PickedFile, Selection } from "./picked-file";

const SYSTEM_NAMES = /^(thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r|\$recycle\.bin|__macosx)$/i;

/** Recordings that browsers know no type for, or only some of them. */
const RECORDING =
  /\.(3gp?p?|aac|ac3|aiff?|amr|ape|asf|au|avi|caf|dss|dts|flac|flv|gsm|m2ts|m4[abv]|mka|mkv|mov|mp[23ga4]|mpe?g|mts|mxf|oga|ogg|ogv|opus|ra|rm|spx|ts|tta|vob|voc|w64|wav|webm|wma|wmv|wv)$/i;

/** Track 2 comes before track 10. */
const BY_NUMBER = { numeric: true };

/** A file in a folder, with the names of the folders above it. */
export interface FolderFile extends PickedFile {
  path: readonly string[];
}

/**
 * The recordings among the files of a folder.  A file that somebody chose by itself is always sent,
 * because the service looks at its content; in a folder there are covers, notes and what systems hide.
 */
export function siftFolder(found: readonly FolderFile[]): Selection {
  const selection: Selection = { files: [], ignored: [] };
  const inOrder = found.toSorted((one, other) =>
    orderBy(one).localeCompare(orderBy(other), undefined, BY_NUMBER),
  );
  for (const { file, handle, path } of inOrder) {
    if ([...path, file.name].some(isHidden)) {
      selection.ignored.push({ name: file.name, reason: "hidden" });
    } else if (isRecording(file)) {
      selection.files.push({ file, handle });
    } else {
      selection.ignored.push({ name: file.name, reason: "other" });
    }
  }
  return selection;
}

/** The same for a folder that was chosen in a dialog. */
export function siftChosenFolder(files: readonly File[]): Selection {
  return siftFolder(
    files.map((file) => ({ file, path: file.webkitRelativePath.split("/").slice(1, -1) })),
  );
}

function orderBy({ path, file }: FolderFile): string {
  return [...path, file.name].join("/");
}

function isHidden(name: string): boolean {
  return name.startsWith(".") || SYSTEM_NAMES.test(name);
}

function isRecording({ type, name }: File): boolean {
  return /^(audio|video)\//.test(type) || RECORDING.test(name);
}

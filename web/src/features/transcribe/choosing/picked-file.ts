/** A file to transcribe; by the handle, where there is one, it can be opened after a reload. */
export interface PickedFile {
  file: File;
  handle?: FileSystemFileHandle | undefined;
}

export type IgnoredReason = "hidden" | "other" | "listed";

/** A file that was found and is not listed. */
export interface IgnoredFile {
  name: string;
  reason: IgnoredReason;
}

export interface Selection {
  files: PickedFile[];
  ignored: IgnoredFile[];
}

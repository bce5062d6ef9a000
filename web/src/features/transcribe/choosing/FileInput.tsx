import { type Ref, useImperativeHandle, useRef } from "react";
import { hasFilePicker, openFiles } from "./open-files";
import type { PickedFile, Selection } from "./picked-file";
import { siftChosenFolder } from "./sift-folder";

// What the file dialog offers; the service looks at the content, not at the name.
const ACCEPT = "audio/*,video/*,.amr,.opus,.mkv,.wma,.flac";

export interface FileDialog {
  open: () => void;
}

interface FileInputProps {
  ref: Ref<FileDialog>;
  onFiles: (files: PickedFile[]) => void;
  testId: string;
  isMultiple?: boolean;
}

/** The dialog for files, by the browser's newer way where it has that: it lets them open again. */
export function FileInput({ ref, onFiles, testId, isMultiple = false }: FileInputProps) {
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({
    open: () => {
      if (hasFilePicker()) void openFiles(isMultiple).then(onFiles);
      else input.current?.click();
    },
  }));
  return (
    <input
      ref={input}
      type="file"
      hidden
      multiple={isMultiple}
      accept={ACCEPT}
      data-testid={testId}
      onChange={(event) => {
        onFiles(Array.from(event.currentTarget.files ?? [], (file) => ({ file })));
        // The same file may be chosen again.
        event.currentTarget.value = "";
      }}
    />
  );
}

interface FolderInputProps {
  ref: Ref<FileDialog>;
  onSelection: (selection: Selection) => void;
}

/** The dialog for a folder with everything in it. */
export function FolderInput({ ref, onSelection }: FolderInputProps) {
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => ({ open: () => input.current?.click() }));
  return (
    <input
      ref={input}
      type="file"
      hidden
      multiple
      // Every browser has it, and React's types do not.
      {...{ webkitdirectory: "" }}
      data-testid="folder"
      onChange={(event) => {
        onSelection(siftChosenFolder(Array.from(event.currentTarget.files ?? [])));
        event.currentTarget.value = "";
      }}
    />
  );
}

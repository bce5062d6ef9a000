import { Button } from "@mantine/core";
import { IconFileMusic } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { type FileDialog, FileInput, FolderInput } from "./choosing/FileInput";
import type { Selection } from "./choosing/picked-file";
import { readDrop } from "./choosing/read-drop";
import classes from "./DropZone.module.css";
import { useFileDrop } from "./use-file-drop";

interface DropZoneProps {
  onSelection: (selection: Selection) => void;
  /** The browser did not give what was dropped. */
  onUnreadable: () => void;
  isSmall: boolean;
}

/** Says that files and folders may be dropped, and opens the dialogs for everyone who does not drag. */
export function DropZone({ onSelection, onUnreadable, isSmall }: DropZoneProps) {
  const { t } = useTranslation();
  const files = useRef<FileDialog>(null);
  const folder = useRef<FileDialog>(null);
  const isOver = useFileDrop((transfer) => {
    readDrop(transfer).then(onSelection, onUnreadable);
  });

  return (
    <div
      className={classes["zone"]}
      data-over={isOver || undefined}
      data-small={isSmall || undefined}
    >
      <IconFileMusic className={classes["icon"]} stroke={1.5} aria-hidden="true" />
      <p className={classes["title"]}>{t("transcribe.dropTitle")}</p>
      <p className={classes["hint"]}>{t("transcribe.dropHint")}</p>
      <div className={classes["buttons"]}>
        <Button
          variant={isSmall ? "default" : "filled"}
          onClick={() => {
            files.current?.open();
          }}
        >
          {t("transcribe.choose")}
        </Button>
        <Button
          variant="default"
          onClick={() => {
            folder.current?.open();
          }}
        >
          {t("sending.chooseFolder")}
        </Button>
      </div>
      <FileInput
        ref={files}
        testId="files"
        isMultiple
        onFiles={(picked) => {
          onSelection({ files: picked, ignored: [] });
        }}
      />
      <FolderInput ref={folder} onSelection={onSelection} />
    </div>
  );
}

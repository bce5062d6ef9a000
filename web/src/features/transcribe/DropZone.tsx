import { Button } from "@mantine/core";
import { IconFileMusic } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./DropZone.module.css";
import { useFileDrop } from "./use-file-drop";

// What the file dialog offers; the service looks at the content, not at the name.
const ACCEPT = "audio/*,video/*,.amr,.opus,.mkv,.wma,.flac";

interface DropZoneProps {
  onFiles: (files: File[]) => void;
  isSmall: boolean;
}

/** Says that files may be dropped, and opens the file dialog for everyone who does not drag. */
export function DropZone({ onFiles, isSmall }: DropZoneProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const isOver = useFileDrop(onFiles);

  return (
    <div
      className={classes["zone"]}
      data-over={isOver || undefined}
      data-small={isSmall || undefined}
    >
      <IconFileMusic className={classes["icon"]} stroke={1.5} aria-hidden="true" />
      <p className={classes["title"]}>{t("transcribe.dropTitle")}</p>
      <p className={classes["hint"]}>{t("transcribe.dropHint")}</p>
      <Button variant={isSmall ? "default" : "filled"} onClick={() => input.current?.click()}>
        {t("transcribe.choose")}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={ACCEPT}
        data-testid="files"
        onChange={(event) => {
          onFiles(Array.from(event.currentTarget.files ?? []));
          // The same file may be chosen again.
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/ui/Dialog";
import { readStored, writeStored } from "@/lib/stored";
import type { OpenTranscript } from "../open-transcript";
import classes from "./ExportDialog.module.css";
import { ExportActions } from "./ExportActions";
import { ExportForm } from "./ExportForm";
import { ExportPreview } from "./ExportPreview";
import { parseSettings } from "./export-settings";

const STORAGE_KEY = "transcriber.export";

interface ExportDialogProps {
  transcript: OpenTranscript;
  isOpen: boolean;
  onClose: () => void;
}

/** Format and settings on one side, what comes of them on the other. */
export function ExportDialog({ transcript, isOpen, onClose }: ExportDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("exporting.title")} size="60rem">
      <Exporting transcript={transcript} />
    </Dialog>
  );
}

function Exporting({ transcript }: { transcript: OpenTranscript }) {
  const [settings, setSettings] = useState(() => parseSettings(readStored(STORAGE_KEY)));
  return (
    <div className={classes["columns"]}>
      <ExportForm
        settings={settings}
        onChange={(chosen) => {
          setSettings(chosen);
          writeStored(STORAGE_KEY, JSON.stringify(chosen));
        }}
      />
      <ExportPreview transcript={transcript} settings={settings} />
      <ExportActions transcript={transcript} settings={settings} />
    </div>
  );
}

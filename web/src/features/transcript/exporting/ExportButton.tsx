import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { OpenTranscript } from "../open-transcript";
import { ExportDialog } from "./ExportDialog";

/** Opens the export. */
export function ExportButton({ transcript }: { transcript: OpenTranscript }) {
  const { t } = useTranslation();
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <>
      <Button
        leftSection={<IconDownload size={16} aria-hidden="true" />}
        aria-haspopup="dialog"
        onClick={dialog.open}
      >
        {t("exporting.open")}
      </Button>
      <ExportDialog transcript={transcript} isOpen={isOpen} onClose={dialog.close} />
    </>
  );
}

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/ui/Dialog";
import type { OpenTranscript } from "../open-transcript";
import { Differences } from "./Differences";
import { RevisionChoice } from "./RevisionChoice";
import classes from "./CompareDialog.module.css";

interface CompareDialogProps {
  transcript: OpenTranscript;
  /** The later of the two at first. */
  number: number;
  /** The earlier; the one before it unless given. */
  against?: number;
  isOpen: boolean;
  onClose: () => void;
}

/** What lies between any two revisions. */
export function CompareDialog({ isOpen, onClose, ...rest }: CompareDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("history.compareTitle")} size="52rem">
      <Comparison {...rest} />
    </Dialog>
  );
}

function Comparison({
  transcript,
  number,
  against = Math.max(0, number - 1),
}: Pick<CompareDialogProps, "transcript" | "number" | "against">) {
  const { t } = useTranslation();
  const [earlier, setEarlier] = useState(against);
  const [later, setLater] = useState(number);
  const { newest } = transcript;
  return (
    <div className={classes["body"]}>
      <div className={classes["choices"]}>
        <RevisionChoice
          label={t("history.from")}
          newest={newest}
          value={earlier}
          onChange={setEarlier}
        />
        <RevisionChoice label={t("history.to")} newest={newest} value={later} onChange={setLater} />
      </div>
      <Differences
        // Another pair begins at its first passage.
        key={`${earlier}-${later}`}
        transcript={transcript}
        earlier={earlier}
        later={later}
      />
    </div>
  );
}

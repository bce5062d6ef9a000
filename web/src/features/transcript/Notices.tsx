import { Alert, Button } from "@mantine/core";
import { IconAlertTriangle, IconFilterOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import classes from "./Notices.module.css";

interface NoticesProps {
  /** The service's own sentences about the recording. */
  warnings: readonly string[];
  /** How many passages were left out, and whether the text shows them. */
  dropped: number;
  hasDropped: boolean;
  onToggleDropped: () => void;
}

/** What a reader should know before relying on the text. */
export function Notices({ warnings, dropped, hasDropped, onToggleDropped }: NoticesProps) {
  const { t } = useTranslation();
  return (
    <div className={classes["notices"]}>
      {warnings.length > 0 && (
        <Alert
          variant="light"
          color="orange"
          title={t("transcript.warnings")}
          icon={<IconAlertTriangle aria-hidden="true" />}
        >
          {warnings.map((warning) => (
            <p key={warning} className={classes["sentence"]}>
              {warning}
            </p>
          ))}
        </Alert>
      )}
      {dropped > 0 && (
        <Alert variant="light" color="gray" icon={<IconFilterOff aria-hidden="true" />}>
          <div className={classes["row"]}>
            <span>
              <strong>{t("transcript.droppedTitle", { count: dropped })}.</strong>{" "}
              {t("transcript.droppedLead")}
            </span>
            <Button
              variant="default"
              size="compact-sm"
              aria-pressed={hasDropped}
              className={classes["toggle"]}
              onClick={onToggleDropped}
            >
              {t(hasDropped ? "transcript.hideDropped" : "transcript.showDropped")}
            </Button>
          </div>
        </Alert>
      )}
    </div>
  );
}

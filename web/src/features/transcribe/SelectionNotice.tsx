import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { IgnoredFile, IgnoredReason } from "./choosing/picked-file";
import classes from "./SelectionNotice.module.css";

const REASONS: readonly IgnoredReason[] = ["listed", "other", "hidden"];
const MAX_NAMES = 5;

/** What came of the last choice or drop, as far as it is not in the list. */
export interface SelectionOutcome {
  ignored: readonly IgnoredFile[];
  isUnreadable?: boolean;
  isEmpty?: boolean;
}

interface SelectionNoticeProps {
  outcome: SelectionOutcome;
  onClose: () => void;
}

/** Tells what was left out, and why; nothing when all was taken. */
export function SelectionNotice({ outcome, onClose }: SelectionNoticeProps) {
  const { t } = useTranslation();
  const { ignored, isUnreadable = false, isEmpty = false } = outcome;
  if (isUnreadable) {
    return (
      <Alert color="red" variant="light" role="alert">
        {t("sending.unreadableDrop")}
      </Alert>
    );
  }
  if (ignored.length === 0 && !isEmpty) return null;
  const title = isEmpty ? t("sending.emptyFolder") : undefined;
  return (
    <Alert
      color={isEmpty ? "orange" : "gray"}
      variant="light"
      role="status"
      title={title ?? t("sending.ignored", { count: ignored.length })}
      withCloseButton
      closeButtonLabel={t("app.close")}
      onClose={onClose}
    >
      <ul className={classes["reasons"]}>
        {REASONS.map((reason) => (
          <Reason key={reason} reason={reason} ignored={ignored} />
        ))}
      </ul>
    </Alert>
  );
}

function Reason({ reason, ignored }: { reason: IgnoredReason; ignored: readonly IgnoredFile[] }) {
  const { t } = useTranslation();
  const all = ignored.filter((each) => each.reason === reason).map(({ name }) => name);
  if (all.length === 0) return null;
  const shown = all.slice(0, MAX_NAMES).join(", ");
  const names =
    all.length > MAX_NAMES
      ? t("sending.andMore", { names: shown, count: all.length - MAX_NAMES })
      : shown;
  return <li>{t(`sending.ignoredReason.${reason}`, { names })}</li>;
}

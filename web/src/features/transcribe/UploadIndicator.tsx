import { RingProgress } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { formatPercent } from "@/lib/quantities";
import { isUnderWay, type UploadItem } from "./upload-item";
import classes from "./UploadIndicator.module.css";
import { useUploads } from "./uploads";
import { useLeaveWarning } from "./use-leave-warning";

/** In the frame of every page: how far the uploads are, and the way to them; nothing without any. */
export function UploadIndicator() {
  const { t, i18n } = useTranslation();
  const items = useUploads();
  const underWay = items.filter(isUnderWay);
  const paused = items.filter(({ state }) => state === "paused");
  const failed = items.filter(({ state }) => state === "failed");
  useLeaveWarning(underWay.length > 0);

  const shown = [underWay, paused, failed].find(({ length }) => length > 0);
  if (!shown) return null;
  const share = shareOf(shown);
  const percent = formatPercent(share, i18n.language);
  const kind = shown === underWay ? "sending" : shown === paused ? "paused" : "failed";
  const label = t(`indicator.${kind}`, { count: shown.length, percent });
  return (
    <Link to="/transcribe" className={classes["link"]} aria-label={label} title={label}>
      <RingProgress
        size={28}
        thickness={4}
        roundCaps
        aria-hidden="true"
        rootColor="var(--app-line)"
        sections={[{ value: kind === "failed" ? 100 : share * 100, color: COLORS[kind] }]}
      />
      <span className={classes["percent"]} aria-hidden="true">
        {kind === "failed" ? "!" : percent}
      </span>
    </Link>
  );
}

const COLORS = {
  sending: "var(--mantine-color-tide-5)",
  paused: "var(--app-muted)",
  failed: "var(--mantine-color-error)",
} as const;

function shareOf(items: readonly UploadItem[]): number {
  const total = items.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const sent = items.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  return total > 0 ? sent / total : 0;
}

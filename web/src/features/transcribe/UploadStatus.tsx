import { Button, Progress } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { formatBytes, formatSpan } from "@/lib/quantities";
import { describeFailure, describeHindrance } from "./describe-failure";
import type { UploadItem } from "./upload-item";
import classes from "./UploadList.module.css";
import { patience } from "./uploads";

/** Where a file is on its way: in words, and as a bar once some of it was sent. */
export function UploadStatus({ item }: { item: UploadItem }) {
  const { t, i18n } = useTranslation();
  if (item.state === "failed") {
    return (
      <span className={classes["fault"]} role="alert">
        {t("sending.failed")}: {describeFailure(item, t, i18n.language)}
      </span>
    );
  }
  return (
    <>
      {item.hindrance === undefined ? <Facts item={item} /> : <Hindrance error={item.hindrance} />}
      {item.state !== "ready" && (item.state !== "waiting" || item.sentBytes > 0) && (
        <Progress.Root size="sm" className={classes["bar"]}>
          <Progress.Section
            value={item.sizeBytes > 0 ? (item.sentBytes / item.sizeBytes) * 100 : 0}
            animated={item.state === "finishing"}
            {...(item.state === "paused" && { color: "gray" })}
            aria-label={t("sending.progress", { name: item.name })}
          />
        </Progress.Root>
      )}
    </>
  );
}

function Hindrance({ error }: { error: unknown }) {
  const { t } = useTranslation();
  return (
    <span className={classes["held"]}>
      <span role="status">{describeHindrance(error, t)}</span>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={() => {
          patience.wake();
        }}
      >
        {t("sending.tryNow")}
      </Button>
    </span>
  );
}

function Facts({ item }: { item: UploadItem }) {
  const { t, i18n } = useTranslation();
  const total = formatBytes(item.sizeBytes, i18n.language);
  const sent = formatBytes(item.sentBytes, i18n.language);
  switch (item.state) {
    case "ready":
      return t("sending.ready", { size: total });
    case "waiting":
      return t("sending.waiting");
    case "paused":
      return t("sending.paused", { sent, total });
    case "stopping":
      return t("sending.stopping");
    case "finishing":
      return t("sending.finishing");
    default:
      return <Sending item={item} sent={sent} total={total} />;
  }
}

interface SendingProps {
  item: UploadItem;
  sent: string;
  total: string;
}

function Sending({ item, sent, total }: SendingProps) {
  const { t, i18n } = useTranslation();
  const { sentBytes, sizeBytes, bytesPerSecond } = item;
  if (sizeBytes > 0 && sentBytes >= sizeBytes) return t("sending.finishing");
  const facts = [t("sending.uploading", { sent, total })];
  if (bytesPerSecond >= 1) {
    const seconds = (sizeBytes - sentBytes) / bytesPerSecond;
    facts.push(
      t("sending.speed", { speed: formatBytes(bytesPerSecond, i18n.language) }),
      t("sending.remaining", { time: formatSpan(seconds, i18n.language) }),
    );
  }
  return facts.join(" · ");
}

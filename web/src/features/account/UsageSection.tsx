import { Alert, Progress } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AccountUsageRead } from "@/api/generated";
import { readAccountUsageOptions } from "@/api/generated/@tanstack/react-query.gen";
import { Answer } from "@/components/ui/Answer";
import { Section } from "@/components/ui/Section";
import { formatCount, formatTaken } from "@/lib/figures";
import { formatBytes } from "@/lib/quantities";
import classes from "./UsageSection.module.css";

/** What the account keeps, against what it may keep. */
export function UsageSection() {
  const { t } = useTranslation();
  return (
    <Section title={t("usage.title")} lead={t("usage.lead")}>
      <Answer
        query={useQuery(readAccountUsageOptions())}
        loading={t("usage.loading")}
        rows={2}
        errorTitle={t("usage.errorTitle")}
      >
        {(usage) => <Usage usage={usage} />}
      </Answer>
    </Section>
  );
}

function Usage({ usage }: { usage: AccountUsageRead }) {
  const { t, i18n } = useTranslation();
  const size = (bytes: number) => formatBytes(bytes, i18n.language);
  const { quota_bytes: quota, recordings, audio_seconds: seconds } = usage;
  const used = usage.stored_bytes + usage.reserved_bytes;
  const isFull = quota !== null && used >= quota;
  return (
    <div className={classes["panel"]}>
      <div className={classes["line"]}>
        <span className={classes["used"]}>
          {quota === null
            ? t("usage.noQuota", { used: size(used) })
            : t("usage.ofQuota", { used: size(used), quota: size(quota) })}
        </span>
        {quota !== null && !isFull && (
          <span className={classes["free"]}>{t("usage.free", { size: size(quota - used) })}</span>
        )}
      </div>
      {quota !== null && (
        <Progress.Root size="lg">
          <Progress.Section
            value={quota === 0 ? 100 : Math.min(100, (100 * used) / quota)}
            {...(isFull && { color: "red.8" })}
            aria-label={t("usage.quotaLabel")}
          />
        </Progress.Root>
      )}
      {isFull && (
        <Alert color="orange" variant="light">
          {t("usage.quotaFull")}
        </Alert>
      )}
      <dl className={classes["facts"]}>
        <Fact name={t("usage.recordings")} value={formatCount(recordings, i18n.language)} />
        <Fact name={t("usage.audio")} value={formatTaken(seconds, i18n.language)} />
        <Fact name={t("usage.stored")} value={size(usage.stored_bytes)} />
        <Fact
          name={t("usage.reserved")}
          value={
            usage.open_uploads === 0
              ? t("usage.none")
              : t("usage.uploads", {
                  count: usage.open_uploads,
                  size: size(usage.reserved_bytes),
                })
          }
        />
      </dl>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getRetentionOptions } from "@/api/generated/@tanstack/react-query.gen";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { Section } from "@/components/ui/Section";
import { RetentionForm } from "./RetentionForm";

/** How long the account's recordings and transcripts are kept, and the wish for less. */
export function RetentionSection() {
  const { t } = useTranslation();
  const retention = useQuery(getRetentionOptions());
  return (
    <Section title={t("retention.title")} lead={t("retention.lead")}>
      {retention.data && <RetentionForm retention={retention.data} />}
      {!retention.data && retention.error === null && (
        <LoadingRows label={t("retention.loading")} rows={2} />
      )}
      {!retention.data && retention.error !== null && (
        <ErrorPanel
          title={t("retention.errorTitle")}
          error={retention.error}
          onRetry={() => void retention.refetch()}
          isPart
        />
      )}
    </Section>
  );
}

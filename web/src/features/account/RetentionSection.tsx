import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getRetentionOptions } from "@/api/generated/@tanstack/react-query.gen";
import { Answer } from "@/components/ui/Answer";
import { Section } from "@/components/ui/Section";
import { RetentionForm } from "./RetentionForm";

/** How long the account's recordings and transcripts are kept, and the wish for less. */
export function RetentionSection() {
  const { t } = useTranslation();
  return (
    <Section title={t("retention.title")} lead={t("retention.lead")}>
      <Answer
        query={useQuery(getRetentionOptions())}
        loading={t("retention.loading")}
        rows={2}
        errorTitle={t("retention.errorTitle")}
      >
        {(retention) => <RetentionForm retention={retention} />}
      </Answer>
    </Section>
  );
}

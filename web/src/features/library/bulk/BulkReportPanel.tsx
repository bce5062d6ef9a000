import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./BulkBar.module.css";
import type { BulkReport } from "./use-bulk";

interface BulkReportPanelProps {
  report: BulkReport;
  onClose: () => void;
}

/** What was done, and what could not be, thing by thing. */
export function BulkReportPanel({ report, onClose }: BulkReportPanelProps) {
  const { t } = useTranslation();
  const { kind, done, failures } = report;
  return (
    <Alert
      color={failures.length > 0 ? "orange" : "green"}
      variant="light"
      role={failures.length > 0 ? "alert" : "status"}
      className={classes["report"]}
      withCloseButton
      closeButtonLabel={t("app.close")}
      onClose={onClose}
    >
      {done > 0 && <p>{t(`library.bulk.done.${kind}`, { count: done })}</p>}
      {failures.length > 0 && (
        <>
          <p>{t("library.bulk.failed", { count: failures.length })}</p>
          <ul>
            {failures.map(({ job, error }) => (
              <li key={job.id}>
                {t("library.bulk.failure", { name: job.name, reason: describeProblem(error, t) })}
              </li>
            ))}
          </ul>
        </>
      )}
    </Alert>
  );
}

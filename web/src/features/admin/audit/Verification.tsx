import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AuditVerificationRead } from "@/api/generated";
import { CopyButton } from "@/components/ui/CopyButton";
import { formatCount } from "@/lib/figures";
import { formatMomentWithTime } from "@/lib/quantities";
import classes from "./VerifyAudit.module.css";

/** What a walk along the chain found: whole, or where it does not fit. */
export function Verification({ found }: { found: AuditVerificationRead }) {
  const { t, i18n } = useTranslation();
  const { fault, head } = found;
  const number = (count: number) => formatCount(count, i18n.language);
  const end = `${head.sequence}:${head.hash}`;
  const facts = [
    t("audit.checked", { count: found.checked, number: number(found.checked) }),
    found.unkeyed > 0 &&
      t("audit.unkeyed", { count: found.unkeyed, number: number(found.unkeyed) }),
    found.removed.sequence > 0 && t("audit.removed", { sequence: found.removed.sequence }),
    found.unsealed_since !== null &&
      t("audit.waiting", {
        count: found.unsealed,
        number: number(found.unsealed),
        moment: formatMomentWithTime(found.unsealed_since, i18n.language),
      }),
    found.is_known_checked && t("audit.knownFits"),
  ].filter((fact) => fact !== false);
  return (
    <Alert
      color={found.is_intact ? "green" : "red"}
      variant="light"
      role={found.is_intact ? "status" : "alert"}
      title={found.is_intact ? t("audit.whole") : t("audit.broken")}
    >
      <div className={classes["result"]}>
        {fault && (
          <>
            <p>{t(`audit.fault.${fault.kind}`, { sequence: fault.sequence })}</p>
            <p>{fault.detail}</p>
          </>
        )}
        {facts.map((fact) => (
          <p key={fact}>{fact}</p>
        ))}
        {head.sequence > 0 && (
          <>
            <p>
              {t("audit.end")} <span className={classes["end"]}>{end}</span>
            </p>
            <CopyButton label={t("audit.copyEnd")} readText={() => end} />
          </>
        )}
      </div>
    </Alert>
  );
}

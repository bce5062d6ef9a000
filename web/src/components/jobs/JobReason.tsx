import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { reasonOf } from "@/lib/job-reasons";
import classes from "./JobReason.module.css";

/** The language of the service's own sentences. */
const SERVICE_LANGUAGE = "en";

/**
 * Why a job failed, or what it waits for. The service's sentence tells more than its code does, such
 * as which file it was; whoever reads another language gets that one first.
 */
export function JobReason({ job }: { job: JobRead }) {
  const { t, i18n } = useTranslation();
  const reason = reasonOf(job);
  if (!reason) return null;
  const { code, sentence } = reason;
  const isForeign = i18n.language !== SERVICE_LANGUAGE;
  return (
    <div className={classes["reason"]}>
      {code !== undefined && (isForeign || !sentence) && <p>{t(`jobs.reason.${code}`)}</p>}
      {sentence && (
        <p
          lang={SERVICE_LANGUAGE}
          dir="ltr"
          className={isForeign && code !== undefined ? classes["original"] : undefined}
        >
          {sentence}
        </p>
      )}
    </div>
  );
}

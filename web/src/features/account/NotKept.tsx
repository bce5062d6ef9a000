import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./NotKept.module.css";

/** Why a choice that is in force here will not follow the account elsewhere. */
export function NotKept({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (error === null) return null;
  return (
    <p className={classes["reason"]} role="alert">
      {t("preferences.notKept", { reason: describeProblem(error, t) })}
    </p>
  );
}

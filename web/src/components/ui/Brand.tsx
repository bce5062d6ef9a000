import { useTranslation } from "react-i18next";
import classes from "./Brand.module.css";

/** The product's mark and name; on a phone only the mark stays visible. */
export function Brand({ isLarge = false }: { isLarge?: boolean }) {
  const { t } = useTranslation();
  return (
    <span className={classes["brand"]} data-large={isLarge || undefined}>
      <svg viewBox="0 0 32 32" className={classes["mark"]} aria-hidden="true">
        <rect width="32" height="32" rx="8" className={classes["tile"]} />
        <path
          d="M7 14v4M11.5 10v12M16 6.5v19M20.5 11v10M25 14v4"
          className={classes["wave"]}
          strokeLinecap="round"
          strokeWidth="2.6"
        />
      </svg>
      <span className={classes["name"]}>{t("app.name")}</span>
    </span>
  );
}

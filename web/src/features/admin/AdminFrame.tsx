import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { getMeOptions } from "@/api/generated/@tanstack/react-query.gen";
import { LinkButton } from "@/components/ui/LinkButton";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { StatePanel } from "@/components/ui/StatePanel";
import classes from "./AdminFrame.module.css";

const pages = [
  ["/admin", "dashboard"],
  ["/admin/jobs", "jobs"],
  ["/admin/accounts", "people"],
  ["/admin/audit", "audit"],
  ["/admin/aliases", "aliases"],
] as const;

/** The frame of the administrators' pages; to others it says that they are not for them. */
export function AdminFrame() {
  const { t } = useTranslation();
  const { data: me } = useQuery(getMeOptions());
  if (!me) return <LoadingRows label={t("admin.loading")} />;
  if (me.role !== "admin") {
    return (
      <StatePanel
        icon={<IconLock />}
        title={t("admin.onlyAdminsTitle")}
        hint={t("admin.onlyAdminsHint")}
        action={<LinkButton to="/library">{t("app.goToLibrary")}</LinkButton>}
      />
    );
  }
  return (
    <>
      <nav className={classes["nav"]} aria-label={t("admin.navigation")}>
        {pages.map(([to, name]) => (
          <Link
            key={to}
            to={to}
            className={classes["link"]}
            activeOptions={{ exact: true, includeSearch: false }}
          >
            {t(`admin.page.${name}`)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  );
}

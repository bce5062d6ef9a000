import { Link, Outlet } from "@tanstack/react-router";
import { IconFileText, IconMicrophone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { usePreferredLooks } from "@/components/preferences/use-preferred-looks";
import { Brand } from "@/components/ui/Brand";
import { AccountMenu } from "@/features/account/AccountMenu";
import { UploadIndicator } from "@/features/transcribe/UploadIndicator";
import { useUploadSession } from "@/features/transcribe/use-upload-session";
import classes from "./Shell.module.css";

const MAIN_ID = "content";

/** The frame of every page behind the sign-in: brand, navigation, account, content. */
export function Shell() {
  const { t } = useTranslation();
  usePreferredLooks();
  useUploadSession();
  return (
    <>
      <a className={classes["skip"]} href={`#${MAIN_ID}`}>
        {t("app.skip")}
      </a>
      <header className={classes["header"]}>
        <div className={classes["bar"]}>
          <Brand />
          <nav className={classes["nav"]} aria-label={t("app.navigation")}>
            <Link to="/transcribe" className={classes["link"]}>
              <IconMicrophone size={18} aria-hidden="true" />
              {t("app.transcribe")}
            </Link>
            <Link to="/library" className={classes["link"]}>
              <IconFileText size={18} aria-hidden="true" />
              {t("app.library")}
            </Link>
          </nav>
          <UploadIndicator />
          <AccountMenu />
        </div>
      </header>
      <main id={MAIN_ID} className={classes["main"]} tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}

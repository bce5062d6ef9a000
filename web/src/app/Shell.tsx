import { Link, Outlet } from "@tanstack/react-router";
import { IconFileText, IconMicrophone } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { usePreferredLooks } from "@/components/preferences/use-preferred-looks";
import { Brand } from "@/components/ui/Brand";
import { AccountMenu } from "@/features/account/AccountMenu";
import { uploads } from "@/features/transcribe/uploads";
import classes from "./Shell.module.css";

const MAIN_ID = "content";

/** The frame of every page behind the sign-in: brand, navigation, account, content. */
export function Shell() {
  const { t } = useTranslation();
  usePreferredLooks();
  // Whoever signs in next must not see what this person was sending.
  useEffect(
    () => () => {
      uploads.clear();
    },
    [],
  );
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
          <AccountMenu />
        </div>
      </header>
      <main id={MAIN_ID} className={classes["main"]} tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}

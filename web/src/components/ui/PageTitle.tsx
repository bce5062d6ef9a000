import { Title, type TitleProps } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

interface PageTitleProps extends TitleProps {
  children: string;
}

/** The first heading of a page; windows, tabs and the history of the browser go by it too. */
export function PageTitle({ children, ...looks }: PageTitleProps) {
  const { t } = useTranslation();
  const app = t("app.name");
  useEffect(() => {
    document.title = `${children} · ${app}`;
    return () => {
      document.title = app;
    };
  }, [children, app]);
  return (
    <Title order={1} {...looks}>
      {children}
    </Title>
  );
}

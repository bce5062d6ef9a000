import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "@/components/ui/ErrorPanel";

/** Where a screen lands that threw: the rest of the application stays usable. */
export function CrashScreen({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation();
  return <ErrorPanel title={t("app.crashTitle")} error={error} onRetry={reset} />;
}

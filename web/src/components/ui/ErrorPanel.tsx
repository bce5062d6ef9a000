import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import { StatePanel } from "./StatePanel";

interface ErrorPanelProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
}

/** A screen that failed to load: what failed, why, and the way to try again. */
export function ErrorPanel({ title, error, onRetry }: ErrorPanelProps) {
  const { t } = useTranslation();
  return (
    <StatePanel
      role="alert"
      icon={<IconAlertTriangle />}
      title={title}
      hint={describeProblem(error, t)}
      action={
        onRetry && (
          <Button variant="default" onClick={onRetry}>
            {t("app.retry")}
          </Button>
        )
      }
    />
  );
}

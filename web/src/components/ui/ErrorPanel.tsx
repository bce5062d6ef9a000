import { Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import { FaultIds } from "./FaultIds";
import { StatePanel } from "./StatePanel";

interface ErrorPanelProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
  /** Whether other parts of the screen loaded. */
  isPart?: boolean;
}

/** A screen that failed to load: what failed, why, and the way to try again. */
export function ErrorPanel({ title, error, onRetry, isPart = false }: ErrorPanelProps) {
  const { t } = useTranslation();
  return (
    <StatePanel
      role="alert"
      isPart={isPart}
      icon={<IconAlertTriangle />}
      title={title}
      hint={describeProblem(error, t)}
      action={
        <>
          {onRetry && (
            <Button variant="default" onClick={onRetry}>
              {t("app.retry")}
            </Button>
          )}
          <FaultIds error={error} />
        </>
      }
    />
  );
}

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./Ask.module.css";

interface AskProps {
  label: string;
  /** What to say once the service has taken it. */
  done: string;
  /** Whether what was asked for is still under way. */
  isOpen?: boolean;
  isPending: boolean;
  isSuccess: boolean;
  error: unknown;
  onAsk: () => void;
}

/** Asks the service for something that its workers do, and says what it answered. */
export function Ask({ label, done, isOpen = false, isPending, isSuccess, error, onAsk }: AskProps) {
  const { t } = useTranslation();
  return (
    <div className={classes["ask"]}>
      {error !== null && (
        <span className={classes["fault"]} role="alert">
          {describeProblem(error, t)}
        </span>
      )}
      {isSuccess && (
        <span className={classes["done"]} role="status">
          {done}
        </span>
      )}
      <Button
        size="compact-sm"
        variant="default"
        loading={isPending}
        disabled={isOpen}
        onClick={onAsk}
      >
        {label}
      </Button>
    </div>
  );
}

import type { ReactNode } from "react";
import { Title } from "@mantine/core";
import classes from "./StatePanel.module.css";

interface StatePanelProps {
  icon: ReactNode;
  title: string;
  hint?: string | undefined;
  action?: ReactNode;
  /** `alert` has screen readers announce it at once. */
  role?: "alert" | "status" | undefined;
  /** Whether it stands for a part of a screen that shows other things as well. */
  isPart?: boolean;
}

/** What a screen shows in place of content: nothing yet, not ready, or an error. */
export function StatePanel(props: StatePanelProps) {
  const { icon, title, hint, action, role, isPart = false } = props;
  return (
    <div className={classes["panel"]} role={role} data-part={isPart || undefined}>
      <span className={classes["icon"]} aria-hidden="true">
        {icon}
      </span>
      <Title order={isPart ? 3 : 2} className={classes["title"]}>
        {title}
      </Title>
      {hint !== undefined && <p className={classes["hint"]}>{hint}</p>}
      {action}
    </div>
  );
}

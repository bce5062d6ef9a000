import type { ReactNode } from "react";
import { Title } from "@mantine/core";
import classes from "./StatePanel.module.css";

interface StatePanelProps {
  icon: ReactNode;
  title: string;
  hint?: string | undefined;
  action?: ReactNode;
  /** `alert` has screen readers announce it at once. */
  role?: "alert" | "status";
}

/** What a screen shows in place of content: nothing yet, not ready, or an error. */
export function StatePanel({ icon, title, hint, action, role }: StatePanelProps) {
  return (
    <div className={classes["panel"]} role={role}>
      <span className={classes["icon"]} aria-hidden="true">
        {icon}
      </span>
      <Title order={2} className={classes["title"]}>
        {title}
      </Title>
      {hint !== undefined && <p className={classes["hint"]}>{hint}</p>}
      {action}
    </div>
  );
}

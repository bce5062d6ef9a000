import { Title } from "@mantine/core";
import { type ReactNode, useId } from "react";
import classes from "./Section.module.css";

interface SectionProps {
  title: string;
  lead: string;
  action?: ReactNode;
  children?: ReactNode;
}

/** One subject of a page that has several. */
export function Section({ title, lead, action, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes["section"]}>
      <div className={classes["heading"]}>
        <div className={classes["words"]}>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          <p className={classes["lead"]}>{lead}</p>
        </div>
        {action}
      </div>
      {children}
    </section>
  );
}

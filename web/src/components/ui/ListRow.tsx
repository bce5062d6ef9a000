import type { ReactNode } from "react";
import classes from "./ListRow.module.css";

interface ListRowProps {
  title: string;
  /** The title in full, where it is shortened. */
  exact?: string | undefined;
  badges?: ReactNode;
  /** Each a few words; they wrap on a phone. */
  facts: readonly (string | false)[];
  action?: ReactNode;
}

/** One thing of a list: what it is, what is known of it, what can be done. */
export function ListRow({ title, exact, badges, facts, action }: ListRowProps) {
  return (
    <li className={classes["row"]}>
      <div className={classes["what"]}>
        <div className={classes["head"]}>
          <span className={classes["title"]} title={exact}>
            {title}
          </span>
          {badges}
        </div>
        <span className={classes["facts"]}>{facts.filter(Boolean).join(" · ")}</span>
      </div>
      {action}
    </li>
  );
}

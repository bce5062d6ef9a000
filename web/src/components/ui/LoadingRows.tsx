import { Skeleton, VisuallyHidden } from "@mantine/core";
import classes from "./LoadingRows.module.css";

interface LoadingRowsProps {
  label: string;
  rows?: number;
}

/** The outline of a list that is on its way. */
export function LoadingRows({ label, rows = 5 }: LoadingRowsProps) {
  return (
    <div className={classes["rows"]} role="status">
      <VisuallyHidden>{label}</VisuallyHidden>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className={classes["row"]} height={row === 0 ? 28 : 56} />
      ))}
    </div>
  );
}

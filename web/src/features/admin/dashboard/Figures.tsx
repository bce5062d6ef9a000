import type { ReactNode } from "react";
import classes from "./Figures.module.css";

interface Figure {
  name: string;
  value: string;
  /** What has to be known with it: a limit, or why there is no value. */
  note?: string | undefined;
}

/** A few figures, each under its name. */
export function Figures({ items }: { items: readonly Figure[] }) {
  return (
    <dl className={classes["list"]}>
      {items.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            {note !== undefined && <span className={classes["note"]}>{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface FigureTableProps {
  label: string;
  /** The first names the rows. */
  columns: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
  /** How many of the columns, from the first, hold words. */
  words?: number;
}

/** Figures in rows; wide ones scroll by themselves, with keys as well. */
export function FigureTable({ label, columns, rows, words = 1 }: FigureTableProps) {
  return (
    // A region that scrolls must be reachable by keys.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
    <div className={classes["scroll"]} role="group" aria-label={label} tabIndex={0}>
      <table className={classes["table"]} aria-label={label}>
        <thead>
          <tr>
            {columns.map((name, column) => (
              <th key={name} scope="col" data-number={column >= words || undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, column) =>
                column === 0 ? (
                  <th key={columns[column]} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={columns[column]} data-number={column >= words || undefined}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

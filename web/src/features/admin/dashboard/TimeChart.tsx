import { useTranslation } from "react-i18next";
import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from "recharts";
import { FigureTable } from "./Figures";
import classes from "./TimeChart.module.css";

/** One moment: when it is, and a value for each series; null where nothing was measured. */
export interface Moment {
  key: string;
  label: string;
  values: Readonly<Record<string, number | null>>;
}

export interface Series {
  key: string;
  name: string;
  /** Of the four that both themes have. */
  color: 1 | 2 | 3 | 4;
}

interface TimeChartProps {
  label: string;
  /** What the first column of the table names. */
  time: string;
  shape: "bars" | "lines";
  moments: readonly Moment[];
  series: readonly Series[];
  format: (value: number | null) => string;
}

/** Before the page has measured the place. */
const FIRST_SIZE = { width: 320, height: 224 };

const paint = (color: Series["color"]) => `var(--series-${color})`;

/** Figures over time: drawn for the eye, and as a table for everybody. */
export function TimeChart(props: TimeChartProps) {
  const { label, time, moments, series, format } = props;
  const { t } = useTranslation();
  return (
    <figure className={classes["chart"]} aria-label={label}>
      <div className={classes["plot"]} aria-hidden="true">
        <Plot {...props} />
      </div>
      <ul className={classes["legend"]} aria-hidden="true">
        {series.map(({ key, name, color }) => (
          <li key={key}>
            <span className={classes["swatch"]} style={{ background: paint(color) }} />
            {name}
          </li>
        ))}
      </ul>
      <details className={classes["table"]}>
        <summary>{t("figures.asTable")}</summary>
        <div className={classes["rows"]}>
          <FigureTable
            label={label}
            columns={[time, ...series.map(({ name }) => name)]}
            rows={moments.map(({ key, label: moment, values }) => ({
              key,
              cells: [moment, ...series.map((each) => format(values[each.key] ?? null))],
            }))}
          />
        </div>
      </details>
    </figure>
  );
}

function Plot({ shape, moments, series, format }: TimeChartProps) {
  const rows = moments.map(({ label, values }) => ({ ...values, label }));
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={FIRST_SIZE}>
      <ComposedChart
        data={rows}
        margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
        // The table is what keys and screen readers get.
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--app-line)" />
        <XAxis
          dataKey="label"
          tickLine={false}
          axisLine={{ stroke: "var(--app-line)" }}
          minTickGap={24}
        />
        <YAxis
          width={64}
          tickLine={false}
          axisLine={false}
          allowDecimals={shape === "lines"}
          tickFormatter={(value: number) => format(value)}
        />
        <Tooltip
          isAnimationActive={false}
          cursor={{ fill: "var(--app-line)", fillOpacity: 0.4, stroke: "var(--app-line)" }}
          content={(tip) => <Tip {...tip} series={series} format={format} />}
        />
        {series.map(({ key, color }) =>
          shape === "bars" ? (
            <Bar
              key={key}
              dataKey={key}
              stackId="all"
              fill={paint(color)}
              isAnimationActive={false}
            />
          ) : (
            <Line
              key={key}
              dataKey={key}
              type="linear"
              stroke={paint(color)}
              strokeWidth={2}
              // A minute between silent ones has no line to be on.
              dot={{ r: 2, strokeWidth: 0, fill: paint(color) }}
              isAnimationActive={false}
            />
          ),
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}

type TipProps = TooltipContentProps & Pick<TimeChartProps, "series" | "format">;

function Tip({ active, payload, label, series, format }: TipProps) {
  if (!active) return null;
  return (
    <div className={classes["tip"]}>
      <p>{label}</p>
      {series.map(({ key, name }) => {
        const value: unknown = payload.find((each) => each.dataKey === key)?.value;
        return <p key={key}>{`${name}: ${format(typeof value === "number" ? value : null)}`}</p>;
      })}
    </div>
  );
}

import { Checkbox } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { BulkBar } from "./bulk/BulkBar";
import { BulkReportPanel } from "./bulk/BulkReportPanel";
import { useBulk } from "./bulk/use-bulk";
import classes from "./LibraryScreen.module.css";
import type { Selection } from "./use-selection";

interface ChosenJobsProps {
  items: readonly JobRead[];
  total: number;
  selection: Selection;
}

/** The head of the list: how many there are, how many are chosen, and what may be done to those. */
export function ChosenJobs({ items, total, selection }: ChosenJobsProps) {
  const { t } = useTranslation();
  const { order, settled } = useBulk();
  const chosen = items.filter((job) => selection.ids.has(job.id));
  const progress = order.isPending
    ? { done: settled, count: order.variables.jobs.length }
    : undefined;
  const isAll = items.length > 0 && chosen.length === items.length;
  return (
    <>
      <div className={classes["head"]}>
        {items.length > 0 && (
          <Checkbox
            aria-label={t("library.select.all")}
            checked={isAll}
            indeterminate={chosen.length > 0 && !isAll}
            onChange={selection.toggleAll}
          />
        )}
        <p className={classes["count"]} role="status">
          {items.length > 0 && t("library.count", { count: total })}
        </p>
      </div>
      {order.data && (
        <BulkReportPanel
          report={order.data}
          onClose={() => {
            order.reset();
          }}
        />
      )}
      {(chosen.length > 0 || order.isPending) && (
        <BulkBar
          jobs={chosen}
          progress={progress}
          onOrder={(wanted) => {
            order.mutate(wanted, { onSuccess: selection.clear });
          }}
          onClear={selection.clear}
        />
      )}
    </>
  );
}

import { Button, CloseButton, Loader } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { isActive, isRetryable } from "@/lib/jobs";
import classes from "./BulkBar.module.css";
import { BulkQuestions, type Question } from "./BulkQuestions";
import type { BulkOrder } from "./use-bulk";

interface BulkBarProps {
  jobs: readonly JobRead[];
  /** How far the work is that was ordered; undefined while there is none. */
  progress: { done: number; count: number } | undefined;
  onOrder: (order: BulkOrder) => void;
  onClear: () => void;
}

/** What can be done to the chosen jobs; each button says to how many of them. */
export function BulkBar({ jobs, progress, onOrder, onClear }: BulkBarProps) {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question>();
  const cancellable = jobs.filter((job) => isActive(job) && !job.cancel_requested);
  const retryable = jobs.filter((job) => isRetryable(job) && job.has_audio);
  const readable = jobs.filter((job) => job.has_transcript);
  const isBusy = progress !== undefined;
  const ask = (wanted: Question, label: string) => (
    <Button
      size="xs"
      variant={wanted === "delete" ? "light" : "default"}
      {...(wanted === "delete" && { color: "red", className: classes["loss"] ?? "" })}
      disabled={isBusy}
      onClick={() => {
        setQuestion(wanted);
      }}
    >
      {label}
    </Button>
  );
  return (
    <section aria-label={t("library.bulk.label")} className={classes["bar"]}>
      <CloseButton aria-label={t("library.bulk.clear")} disabled={isBusy} onClick={onClear} />
      <span className={classes["count"]} role="status">
        {isBusy && <Loader size="xs" aria-hidden="true" />}
        {isBusy
          ? t("library.bulk.working", progress)
          : t("library.bulk.count", { count: jobs.length })}
      </span>
      <div className={classes["actions"]}>
        {cancellable.length > 0 &&
          ask("cancel", t("library.bulk.cancel", { count: cancellable.length }))}
        {retryable.length > 0 && (
          <Button
            size="xs"
            variant="default"
            disabled={isBusy}
            onClick={() => {
              onOrder({ kind: "retry", jobs: retryable });
            }}
          >
            {t("library.bulk.retry", { count: retryable.length })}
          </Button>
        )}
        {readable.length > 0 && (
          <>
            {ask("tag", t("library.bulk.tag", { count: readable.length }))}
            {ask("export", t("library.bulk.export", { count: readable.length }))}
          </>
        )}
        {ask("delete", t("library.bulk.delete", { count: jobs.length }))}
      </div>
      <BulkQuestions
        question={question}
        jobs={jobs}
        cancellable={cancellable}
        readable={readable}
        onClose={() => {
          setQuestion(undefined);
        }}
        onOrder={onOrder}
      />
    </section>
  );
}

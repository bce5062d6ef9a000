import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DrainRead, WorkerHealth } from "@/api/generated";
import {
  drainWorkerMutation,
  readSystemHealthQueryKey,
  resumeWorkerMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { describeProblem } from "@/lib/describe-problem";
import { formatMomentWithTime } from "@/lib/quantities";
import { useAccountName } from "../account-names";
import classes from "./Ask.module.css";

/** Whether a worker may work, and the other choice. */
export function WorkerActs({ worker }: { worker: WorkerHealth }) {
  if (worker.drain !== null) return <Resume worker={worker} drain={worker.drain} />;
  return worker.state === "stale" || worker.state === "drained" ? null : <Drain worker={worker} />;
}

function useRefresh() {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: readSystemHealthQueryKey() });
}

function Drain({ worker }: { worker: WorkerHealth }) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const drain = useMutation({ ...drainWorkerMutation(), onSettled: useRefresh() });
  const name = `${worker.host} (${worker.pid})`;
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={t("figures.workers.drainOne", { name })}
        onClick={() => {
          drain.reset();
          setAsking(true);
        }}
      >
        {t("figures.workers.drain")}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => {
          setAsking(false);
        }}
        title={t("figures.workers.drainAsk")}
        confirm={t("figures.workers.drain")}
        keep={t("app.cancel")}
        isPending={drain.isPending}
        error={drain.error}
        onConfirm={() => {
          drain.mutate(
            { path: { worker_id: worker.id } },
            {
              onSuccess: () => {
                setAsking(false);
              },
            },
          );
        }}
      >
        <p>{t("figures.workers.drainBody", { name })}</p>
      </ConfirmDialog>
    </>
  );
}

function Resume({ worker, drain }: { worker: WorkerHealth; drain: DrainRead }) {
  const { t, i18n } = useTranslation();
  const resume = useMutation({ ...resumeWorkerMutation(), onSettled: useRefresh() });
  const admin = useAccountName(drain.requested_by);
  const moment = formatMomentWithTime(drain.requested_at, i18n.language);
  const name = `${worker.host} (${worker.pid})`;
  return (
    <>
      <span className={classes["done"]}>{t("figures.workers.drainedBy", { admin, moment })}</span>{" "}
      {resume.error !== null && (
        <span className={classes["fault"]} role="alert">
          {describeProblem(resume.error, t)}
        </span>
      )}
      <Button
        size="compact-xs"
        variant="default"
        aria-label={t("figures.workers.resumeOne", { name })}
        loading={resume.isPending}
        onClick={() => {
          resume.mutate({ path: { worker_id: worker.id } });
        }}
      >
        {t("figures.workers.resume")}
      </Button>
    </>
  );
}

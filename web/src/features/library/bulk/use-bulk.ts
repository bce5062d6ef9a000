import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { cancelJob, deleteJob, type JobRead, readTags, retryJob, setTags } from "@/api/generated";
import { listTagsQueryKey, readJobQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { ProblemError } from "@/api/problem";
import { refreshLists } from "@/components/jobs/live/job-cache";
import { changeTags, type TagChange } from "../tags/change-tags";
import { type BulkOutcome, runBulk } from "./run-bulk";

type BulkKind = "delete" | "cancel" | "retry" | "tag";

export interface BulkOrder {
  kind: BulkKind;
  jobs: readonly JobRead[];
  tags?: TagChange;
}

export interface BulkReport extends BulkOutcome {
  kind: BulkKind;
}

/** Does one thing to many jobs and says what came of each. */
export function useBulk() {
  const queryClient = useQueryClient();
  const [settled, setSettled] = useState(0);
  const order = useMutation({
    mutationFn: async ({ kind, jobs, tags }: BulkOrder): Promise<BulkReport> => {
      setSettled(0);
      const outcome = await runBulk(jobs, (job) => doOne(kind, job, tags), setSettled);
      return { kind, ...outcome };
    },
    onSettled: async (_report, _error, { kind, jobs }) => {
      for (const { id } of kind === "delete" ? jobs : []) {
        queryClient.removeQueries({ queryKey: readJobQueryKey({ path: { job_id: id } }) });
      }
      const tagsKey = { queryKey: listTagsQueryKey() };
      await Promise.all([refreshLists(queryClient), queryClient.invalidateQueries(tagsKey)]);
    },
  });
  return { order, settled };
}

async function doOne(kind: BulkKind, job: JobRead, tags?: TagChange): Promise<void> {
  const call = { path: { job_id: job.id }, throwOnError: true } as const;
  switch (kind) {
    case "delete":
      await deleteJob(call).catch(passOverGone);
      return;
    case "cancel":
      await cancelJob(call);
      return;
    case "retry":
      await retryJob(call);
      return;
    case "tag": {
      // What another tab has changed meanwhile is kept.
      const { data } = await readTags(call);
      await setTags({ ...call, body: { tags: changeTags(data.tags, tags ?? {}) } });
    }
  }
}

/** What somebody else has deleted is as gone as it was to be. */
function passOverGone(error: unknown): void {
  if (!(error instanceof ProblemError && error.status === 404)) throw error;
}

import type { QueryClient } from "@tanstack/react-query";
import type { JobRead, JobSnapshotEvent, JobStreamEvent } from "@/api/generated";
import { isActive } from "@/lib/jobs";
import {
  dropJob,
  hasListOfStates,
  isAsking,
  listHeldJobs,
  putJob,
  refreshOthers,
} from "./job-cache";

/** Shows what an event tells; true where the lists have to be asked for anew to be right. */
export function applyEvent(queryClient: QueryClient, event: JobStreamEvent): boolean {
  switch (event.type) {
    case "snapshot":
      return applySnapshot(queryClient, event);
    case "state":
      return applyJob(queryClient, event.job) && event.from_state !== event.to_state;
    case "progress":
      putJob(queryClient, event.job);
      return false;
    case "deleted":
      dropJob(queryClient, event.job_id);
      return true;
    case "reset":
      return true;
  }
}

function applyJob(queryClient: QueryClient, job: JobRead | null): boolean {
  // A job that is gone by now: the event that says so is on its way.
  if (job === null) return false;
  const isListed = putJob(queryClient, job);
  return !isListed || hasListOfStates(queryClient) || isAsking(queryClient);
}

/** Between an answer and the stream's beginning jobs may have come, or ended. */
function applySnapshot(queryClient: QueryClient, { jobs, has_more }: JobSnapshotEvent): boolean {
  const active = new Set(jobs.map((job) => job.id));
  const hasEnded =
    !has_more && listHeldJobs(queryClient).some((job) => isActive(job) && !active.has(job.id));
  const areListed = jobs.map((job) => putJob(queryClient, job));
  if (!has_more) refreshOthers(queryClient, active);
  return hasEnded || areListed.includes(false) || isAsking(queryClient);
}

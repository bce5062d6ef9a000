import type { JobRead } from "@/api/generated";

const ACTIVE_POLL_MS = 1_500;
const IDLE_POLL_MS = 20_000;

export function isActive(job: Pick<JobRead, "state">): boolean {
  return job.state === "queued" || job.state === "running";
}

export function isRetryable(job: Pick<JobRead, "state">): boolean {
  return job.state === "failed" || job.state === "cancelled" || job.state === "quarantined";
}

/** How often to ask for one job: live while it moves, never once it ended. */
export function pollJob(job: JobRead | undefined): number | false {
  return !job || isActive(job) ? ACTIVE_POLL_MS : false;
}

/** How often to ask for a list: slower when all is at rest, as other tabs may add to it. */
export function pollJobs(jobs: readonly JobRead[]): number {
  return jobs.some(isActive) ? ACTIVE_POLL_MS : IDLE_POLL_MS;
}

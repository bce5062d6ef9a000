import type { JobRead } from "@/api/generated";

const AT_ONCE = 4;

/** What came of one thing done to many. */
export interface BulkOutcome {
  done: number;
  failures: { job: JobRead; error: unknown }[];
}

/** Does one thing to each, a few at a time; one that fails keeps no other from being done. */
export async function runBulk(
  jobs: readonly JobRead[],
  call: (job: JobRead) => Promise<unknown>,
  onStep: (settled: number) => void,
): Promise<BulkOutcome> {
  const outcome: BulkOutcome = { done: 0, failures: [] };
  const waiting = jobs.values();
  const work = async () => {
    for (const job of waiting) {
      try {
        await call(job);
        outcome.done += 1;
      } catch (error) {
        outcome.failures.push({ job, error });
      }
      onStep(outcome.done + outcome.failures.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcome;
}

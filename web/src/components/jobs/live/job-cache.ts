import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { JobPage, JobRead } from "@/api/generated";
import { listJobsQueryKey, readJobQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { isActive } from "@/lib/jobs";

/** A list of jobs as the cache holds it: page by page, or one page alone. */
type Listed = InfiniteData<JobPage> | JobPage;

/** Every list of jobs, however narrowed and sorted. */
const everyList = () => ({ queryKey: listJobsQueryKey() });

const oneJob = (jobId: string) => ({ queryKey: readJobQueryKey({ path: { job_id: jobId } }) });

/** Shows a job as it is now wherever the page holds it; tells whether a list does. */
export function putJob(queryClient: QueryClient, job: JobRead): boolean {
  let isListed = false;
  putAlone(queryClient, job);
  changePages(queryClient, (page) => {
    if (!page.items.some((each) => each.id === job.id)) return page;
    isListed = true;
    return { ...page, items: page.items.map((each) => (each.id === job.id ? job : each)) };
  });
  return isListed;
}

function putAlone(queryClient: QueryClient, job: JobRead): void {
  const { queryKey } = oneJob(job.id);
  if (!queryClient.getQueryState(queryKey)) return;
  // An answer that is on its way may be older.
  void queryClient.cancelQueries({ queryKey });
  queryClient.setQueryData(queryKey, job);
}

/** Takes a job that is gone out of every list; what shows it alone asks, and is told so. */
export function dropJob(queryClient: QueryClient, jobId: string): void {
  void queryClient.invalidateQueries(oneJob(jobId));
  changePages(queryClient, (page) => {
    const items = page.items.filter((each) => each.id !== jobId);
    return items.length === page.items.length ? page : { ...page, items };
  });
}

/** The jobs of every list that the page holds. */
export function listHeldJobs(queryClient: QueryClient): JobRead[] {
  return queryClient
    .getQueriesData<Listed>(everyList())
    .flatMap(([, listed]) => (listed ? pagesOf(listed).flatMap((page) => page.items) : []));
}

/**
 * Asks anew for what is shown alone and is not among the jobs that move: it has ended since, or an
 * answer that is on its way is older than that.
 */
export function refreshOthers(queryClient: QueryClient, moving: ReadonlySet<string>): void {
  const [{ path: _, ...anyJob }] = oneJob("").queryKey;
  for (const { queryKey, state } of queryClient.getQueryCache().findAll({ queryKey: [anyJob] })) {
    const job = state.data as JobRead | undefined;
    const { job_id } = (queryKey as ReturnType<typeof readJobQueryKey>)[0].path;
    if (moving.has(job_id) || (job && !isActive(job) && state.fetchStatus === "idle")) continue;
    void queryClient.cancelQueries({ queryKey });
    void queryClient.invalidateQueries({ queryKey });
  }
}

/** Whether a list is narrowed to some states, so that a job may come or go by changing its own. */
export function hasListOfStates(queryClient: QueryClient): boolean {
  return queryClient
    .getQueryCache()
    .findAll(everyList())
    .some(({ queryKey }) => (queryKey as ReturnType<typeof listJobsQueryKey>)[0].query?.state);
}

/** Whether an answer is on its way that may be older than what is known by now. */
export function isAsking(queryClient: QueryClient): boolean {
  return queryClient.isFetching(everyList()) > 0;
}

export async function refreshLists(queryClient: QueryClient): Promise<void> {
  await queryClient.invalidateQueries(everyList());
}

function changePages(queryClient: QueryClient, change: (page: JobPage) => JobPage): void {
  queryClient.setQueriesData<Listed>(everyList(), (listed) => {
    if (!listed) return undefined;
    const before = pagesOf(listed);
    const after = before.map(change);
    if (after.every((page, place) => page === before[place])) return listed;
    return "pages" in listed ? { ...listed, pages: after } : after[0];
  });
}

function pagesOf(listed: Listed): JobPage[] {
  return "pages" in listed ? listed.pages : [listed];
}

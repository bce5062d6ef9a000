import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { JobPage, JobRead } from "@/api/generated";
import { listJobsQueryKey, readJobQueryKey } from "@/api/generated/@tanstack/react-query.gen";

/** A list of jobs as the cache holds it: page by page, or one page alone. */
type Listed = InfiniteData<JobPage> | JobPage;

/** Every list of jobs, however narrowed and sorted. */
const everyList = () => ({ queryKey: listJobsQueryKey() });

/** Shows a job as it is now wherever the page holds it; tells whether a list does. */
export function putJob(queryClient: QueryClient, job: JobRead): boolean {
  let isListed = false;
  queryClient.setQueryData<JobRead>(
    readJobQueryKey({ path: { job_id: job.id } }),
    (old) => old && job,
  );
  changePages(queryClient, (page) => {
    if (!page.items.some((each) => each.id === job.id)) return page;
    isListed = true;
    return { ...page, items: page.items.map((each) => (each.id === job.id ? job : each)) };
  });
  return isListed;
}

/** Takes a job that is gone out of every list. */
export function dropJob(queryClient: QueryClient, jobId: string): void {
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

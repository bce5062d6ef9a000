import { Button } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { listJobsInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { useJobFeed } from "@/components/jobs/live/use-job-feed";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { pollJobs } from "@/lib/jobs";
import { nextPage } from "@/lib/paging";
import { ChosenJobs } from "./ChosenJobs";
import { JobRow } from "./JobRow";
import classes from "./LibraryScreen.module.css";
import { toJobQuery } from "./library-search";
import { ListNotes } from "./ListNotes";
import { NoJobs } from "./NoJobs";
import { useLibrarySearch } from "./use-library-search";
import { useSelection } from "./use-selection";

/** The jobs that fit, live. */
export function JobList() {
  const { t } = useTranslation();
  const [search] = useLibrarySearch();
  const feed = useJobFeed();
  const jobs = useInfiniteQuery({
    ...listJobsInfiniteOptions({ query: toJobQuery(search) }),
    initialPageParam: {},
    getNextPageParam: nextPage,
    placeholderData: keepPreviousData,
    // Who is told of everything need not ask.
    refetchInterval: (query) =>
      feed !== "live" && pollJobs(query.state.data?.pages.flatMap((page) => page.items) ?? []),
  });
  const items = useMemo(() => jobs.data?.pages.flatMap((page) => page.items) ?? [], [jobs.data]);
  const shown = useMemo(() => items.map((job) => job.id), [items]);
  const selection = useSelection(shown);

  if (jobs.isPending) return <LoadingRows label={t("library.loading")} />;
  if (!jobs.data) {
    return (
      <ErrorPanel
        title={t("library.errorTitle")}
        error={jobs.error}
        onRetry={() => void jobs.refetch()}
      />
    );
  }
  const total = jobs.data.pages[0]?.total ?? items.length;
  return (
    <>
      <ListNotes error={jobs.error} feed={feed} items={items} />
      <ChosenJobs items={items} total={total} selection={selection} />
      {items.length === 0 ? (
        <NoJobs />
      ) : (
        <ul
          className={classes["list"]}
          aria-label={t("library.list")}
          aria-busy={jobs.isPlaceholderData}
        >
          {items.map((job) => (
            <JobRow
              key={job.id}
              job={job}
              isChosen={selection.ids.has(job.id)}
              onChoose={selection.toggle}
            />
          ))}
        </ul>
      )}
      {jobs.hasNextPage && (
        <Button
          variant="default"
          className={classes["older"]}
          loading={jobs.isFetchingNextPage}
          onClick={() => void jobs.fetchNextPage()}
        >
          {t("library.loadMore")}
        </Button>
      )}
    </>
  );
}

import { Button, Title } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listJobsInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LinkButton } from "@/components/ui/LinkButton";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { StatePanel } from "@/components/ui/StatePanel";
import { pollJobs } from "@/lib/jobs";
import { JobRow } from "./JobRow";
import classes from "./LibraryScreen.module.css";

export function LibraryScreen() {
  const { t } = useTranslation();
  return (
    <>
      <div className={classes["heading"]}>
        <Title order={1}>{t("library.title")}</Title>
        <LinkButton to="/transcribe" variant="light" className={classes["new"]}>
          {t("library.emptyAction")}
        </LinkButton>
      </div>
      <JobList />
    </>
  );
}

function JobList() {
  const { t } = useTranslation();
  const jobs = useInfiniteQuery({
    ...listJobsInfiniteOptions(),
    initialPageParam: {},
    getNextPageParam: (page) =>
      page.next_cursor === null ? undefined : { query: { cursor: page.next_cursor } },
    refetchInterval: (query) =>
      pollJobs(query.state.data?.pages.flatMap((page) => page.items) ?? []),
  });

  if (jobs.isPending) return <LoadingRows label={t("library.loading")} />;
  if (jobs.isError && !jobs.data) {
    return (
      <ErrorPanel
        title={t("library.errorTitle")}
        error={jobs.error}
        onRetry={() => {
          void jobs.refetch();
        }}
      />
    );
  }
  const items = jobs.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <StatePanel
        icon={<IconFileText />}
        title={t("library.emptyTitle")}
        hint={t("library.emptyHint")}
        action={<LinkButton to="/transcribe">{t("library.emptyAction")}</LinkButton>}
      />
    );
  }
  return (
    <>
      <p className={classes["count"]}>
        {t("library.count", { count: jobs.data.pages[0]?.total ?? items.length })}
      </p>
      <ul className={classes["list"]} aria-label={t("library.list")}>
        {items.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </ul>
      {jobs.hasNextPage && (
        <Button
          variant="default"
          className={classes["older"]}
          loading={jobs.isFetchingNextPage}
          onClick={() => {
            void jobs.fetchNextPage();
          }}
        >
          {t("library.loadMore")}
        </Button>
      )}
    </>
  );
}

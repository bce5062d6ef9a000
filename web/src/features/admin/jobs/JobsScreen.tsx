import { Alert } from "@mantine/core";
import { IconListDetails } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { PageTitle } from "@/components/ui/PageTitle";
import { listAllJobsInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { ListPanel } from "@/components/ui/ListPanel";
import { StatePanel } from "@/components/ui/StatePanel";
import { formatCount } from "@/lib/figures";
import { isActive } from "@/lib/jobs";
import { nextPage } from "@/lib/paging";
import type { JobSearch } from "../search";
import { AnyJobRow } from "./AnyJobRow";
import { JobFilters } from "./JobFilters";
import classes from "./JobsScreen.module.css";

const route = getRouteApi("/signed-in/admin/jobs");
const ACTIVE_POLL_MS = 4_000;
const IDLE_POLL_MS = 20_000;

/** Everybody's jobs, to look into and to act on. */
export function JobsScreen() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [outcome, setOutcome] = useState<string>();
  return (
    <div className={classes["screen"]}>
      <PageTitle>{t("anyJob.title")}</PageTitle>
      <JobFilters
        search={search}
        onChange={(change) => {
          void navigate({ search: { ...search, ...change }, replace: true });
        }}
      />
      {outcome !== undefined && (
        <Alert
          color="green"
          variant="light"
          role="status"
          withCloseButton
          closeButtonLabel={t("app.close")}
          onClose={() => {
            setOutcome(undefined);
          }}
        >
          {outcome}
        </Alert>
      )}
      <JobList search={search} onDone={setOutcome} />
    </div>
  );
}

interface JobListProps {
  search: JobSearch;
  onDone: (outcome: string) => void;
}

function JobList({ search, onDone }: JobListProps) {
  const { t, i18n } = useTranslation();
  const jobs = useInfiniteQuery({
    ...listAllJobsInfiniteOptions({
      query: {
        ...(search.state && { state: [search.state] }),
        ...(search.owner !== undefined && { user_id: search.owner }),
      },
    }),
    initialPageParam: {},
    getNextPageParam: nextPage,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isActive)) ? ACTIVE_POLL_MS : IDLE_POLL_MS,
  });
  const total = jobs.data?.pages.at(-1)?.total;
  return (
    <>
      {total !== undefined && total > 0 && (
        <p className={classes["count"]}>
          {t("anyJob.count", { count: total, number: formatCount(total, i18n.language) })}
        </p>
      )}
      <ListPanel
        query={jobs}
        items={jobs.data?.pages.flatMap((page) => page.items)}
        label={t("anyJob.list")}
        loading={t("anyJob.loading")}
        errorTitle={t("anyJob.errorTitle")}
        empty={
          <StatePanel
            icon={<IconListDetails />}
            title={t("anyJob.emptyTitle")}
            hint={t("anyJob.emptyHint")}
          />
        }
      >
        {(job) => <AnyJobRow key={job.id} job={job} onDone={onDone} />}
      </ListPanel>
    </>
  );
}

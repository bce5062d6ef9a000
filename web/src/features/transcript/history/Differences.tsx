import { Button } from "@mantine/core";
import { IconEqual } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { compareRevisionsInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { StatePanel } from "@/components/ui/StatePanel";
import type { OpenTranscript } from "../open-transcript";
import classes from "./Differences.module.css";
import { PassageDifference } from "./PassageDifference";

interface DifferencesProps {
  transcript: OpenTranscript;
  earlier: number;
  later: number;
}

/** The passages that differ, page by page in the order of time. */
export function Differences({ transcript, earlier, later }: DifferencesProps) {
  const { t } = useTranslation();
  const differences = useInfiniteQuery({
    ...compareRevisionsInfiniteOptions({
      path: { job_id: transcript.jobId, number: later },
      query: { against: earlier },
    }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next_offset ?? undefined,
    // Revisions never change.
    staleTime: Infinity,
  });
  if (!differences.data) {
    if (differences.error === null) return <LoadingRows label={t("history.comparing")} rows={4} />;
    return (
      <ErrorPanel
        isPart
        title={t("history.compareFailed")}
        error={differences.error}
        onRetry={() => void differences.refetch()}
      />
    );
  }
  const { pages } = differences.data;
  const total = pages[0]?.total ?? 0;
  if (total === 0) {
    return <StatePanel isPart icon={<IconEqual />} title={t("history.same")} />;
  }
  const passages = pages.flatMap((page) => page.items);
  return (
    <>
      <p className={classes["total"]} role="status">
        {t("history.passages", { count: total })}
      </p>
      <ol className={classes["list"]} aria-label={t("history.differences")}>
        {passages.map((passage, place) => (
          <PassageDifference key={place} passage={passage} language={transcript.language} />
        ))}
      </ol>
      {differences.hasNextPage && (
        <Button
          variant="default"
          loading={differences.isFetchingNextPage}
          onClick={() => void differences.fetchNextPage()}
        >
          {t("history.morePassages", { count: total - passages.length })}
        </Button>
      )}
    </>
  );
}

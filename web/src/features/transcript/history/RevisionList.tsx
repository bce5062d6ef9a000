import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listRevisionsInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { Button } from "@mantine/core";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LoadingRows } from "@/components/ui/LoadingRows";
import type { OpenTranscript } from "../open-transcript";
import classes from "./RevisionList.module.css";
import { type RevisionActions, RevisionRow } from "./RevisionRow";

interface RevisionListProps extends RevisionActions {
  transcript: OpenTranscript;
}

/** Every revision, the newest first and the machine's at the end. */
export function RevisionList({ transcript, ...actions }: RevisionListProps) {
  const { t } = useTranslation();
  const call = { path: { job_id: transcript.jobId } };
  const revisions = useInfiniteQuery({
    ...listRevisionsInfiniteOptions(call),
    initialPageParam: call,
    getNextPageParam: ({ next_before: before }) =>
      before === null ? undefined : { ...call, query: { before } },
  });
  if (!revisions.data) {
    if (revisions.error === null) return <LoadingRows label={t("history.loading")} rows={4} />;
    return (
      <ErrorPanel
        isPart
        title={t("history.listFailed")}
        error={revisions.error}
        onRetry={() => void revisions.refetch()}
      />
    );
  }
  const items = revisions.data.pages.flatMap((page) => page.items);
  return (
    <>
      {items.length === 0 && <p className={classes["lead"]}>{t("history.empty")}</p>}
      <ol className={classes["list"]} aria-label={t("history.list")}>
        {items.map((revision) => (
          <RevisionRow
            key={revision.number}
            number={revision.number}
            revision={revision}
            transcript={transcript}
            {...actions}
          />
        ))}
        {!revisions.hasNextPage && <RevisionRow number={0} transcript={transcript} {...actions} />}
      </ol>
      {revisions.hasNextPage && (
        <Button
          variant="default"
          loading={revisions.isFetchingNextPage}
          onClick={() => void revisions.fetchNextPage()}
        >
          {t("app.more")}
        </Button>
      )}
    </>
  );
}

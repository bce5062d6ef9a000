import { Button } from "@mantine/core";
import { IconMessageQuestion, IconSearchOff } from "@tabler/icons-react";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { searchTranscriptsInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { ProblemError } from "@/api/problem";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { StatePanel } from "@/components/ui/StatePanel";
import { countFilters, toHitQuery } from "../library-search";
import { useLibrarySearch } from "../use-library-search";
import { groupHits } from "./group-hits";
import { HitGroupItem } from "./HitGroupItem";
import classes from "./SearchResults.module.css";

const HITS = 50;

/** What was said with these words, transcript by transcript. */
export function SearchResults({ words }: { words: string }) {
  const { t } = useTranslation();
  const [search] = useLibrarySearch();
  const query = { ...toHitQuery(search, words), limit: HITS };
  const found = useInfiniteQuery({
    ...searchTranscriptsInfiniteOptions({ query }),
    initialPageParam: { query },
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
  const groups = useMemo(
    () => groupHits(found.data?.pages.flatMap((page) => page.items) ?? []),
    [found.data],
  );
  if (found.isPending) return <LoadingRows label={t("library.search.loading")} />;
  if (!found.data) return <SearchFault error={found.error} onRetry={() => void found.refetch()} />;
  if (groups.length === 0) return <NothingFound words={words} />;
  const count = groups.reduce((sum, group) => sum + group.hits.length, 0);
  return (
    <section aria-label={t("library.search.results")} aria-busy={found.isPlaceholderData}>
      <p className={classes["count"]} role="status">
        {found.hasNextPage
          ? t("library.search.foundSome", { count })
          : t("library.search.found", { count })}
      </p>
      <ol className={classes["groups"]}>
        {groups.map((group) => (
          <HitGroupItem key={group.jobId} group={group} />
        ))}
      </ol>
      {found.hasNextPage && (
        <Button
          variant="default"
          className={classes["more"]}
          loading={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {t("library.search.more")}
        </Button>
      )}
    </section>
  );
}

const refusals = ["empty_search", "beginning_too_short", "search_too_long"] as const;

/** What cannot be searched for is explained; only another failure is one. */
function SearchFault({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation();
  const refusal = refusals.find((code) => error instanceof ProblemError && error.code === code);
  if (refusal === undefined) {
    return <ErrorPanel title={t("library.search.errorTitle")} error={error} onRetry={onRetry} />;
  }
  return (
    <StatePanel
      role="status"
      icon={<IconMessageQuestion />}
      title={t("library.search.refusedTitle")}
      hint={t(`library.search.refused.${refusal}`)}
    />
  );
}

function NothingFound({ words }: { words: string }) {
  const { t } = useTranslation();
  const [search, change] = useLibrarySearch();
  const isNarrowed = countFilters(search) > 0;
  return (
    <StatePanel
      role="status"
      icon={<IconSearchOff />}
      title={t("library.search.nothingTitle")}
      hint={t(isNarrowed ? "library.search.nothingNarrowed" : "library.search.nothingHint")}
      action={
        <Button
          variant="default"
          onClick={() => {
            change({ q: undefined, name: words.slice(0, 100) });
          }}
        >
          {t("library.search.byName")}
        </Button>
      }
    />
  );
}

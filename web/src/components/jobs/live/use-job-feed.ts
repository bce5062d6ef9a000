import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { JobStreamEvent } from "@/api/generated";
import { type FeedState, JobFeed } from "./job-feed";

const feeds = new WeakMap<QueryClient, JobFeed>();

function findFeed(queryClient: QueryClient): JobFeed {
  const feed = feeds.get(queryClient) ?? new JobFeed(queryClient);
  feeds.set(queryClient, feed);
  return feed;
}

/**
 * Keeps what the cache holds of jobs up to date while the caller is shown and wants it.  Where it is
 * not `live`, the caller asks for itself, at the pace of `pollJob` or `pollJobs`.
 */
export function useJobFeed(isWanted = true): FeedState {
  const feed = findFeed(useQueryClient());
  return useSyncExternalStore(isWanted ? feed.watch : watchNothing, feed.getState);
}

const watchNothing = () => () => undefined;

/** Hears every event while the stream is open. */
export function useJobEvents(onEvent: (event: JobStreamEvent) => void): void {
  const feed = findFeed(useQueryClient());
  const hear = useEffectEvent(onEvent);
  useEffect(
    () =>
      feed.listen((event) => {
        hear(event);
      }),
    [feed],
  );
}

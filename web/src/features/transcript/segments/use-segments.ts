import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { listSegmentsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { isPassing } from "@/api/problem";
import { FRESH_MS } from "../prefetch-transcript";
import { type SegmentsSnapshot, SegmentStore } from "./segment-store";

const MAX_RETRIES = 3;

/** A store of the newest revision's segments that loads while the screen is there. */
export function useSegmentStore(jobId: string): SegmentStore {
  const client = useQueryClient();
  const [store] = useState(() => openStore(client, jobId));
  useLoading(store);
  return store;
}

/** A store of an earlier revision while one is asked for. */
export function useEarlierStore(
  jobId: string,
  revision: number | undefined,
): SegmentStore | undefined {
  const client = useQueryClient();
  const store = useMemo(
    () => (revision === undefined ? undefined : openStore(client, jobId, revision)),
    [client, jobId, revision],
  );
  useLoading(store);
  return store;
}

function openStore(client: QueryClient, jobId: string, revision?: number): SegmentStore {
  let staleTime = FRESH_MS;
  return new SegmentStore(async (query) => {
    const options = listSegmentsOptions({ path: { job_id: jobId }, query });
    const page = await client.query({
      ...options,
      gcTime: 0,
      staleTime,
      // A single query is tried once unless told otherwise.
      retry: (failures, error) => isPassing(error) && failures < MAX_RETRIES,
    });
    // Only the first page may have been asked for before the screen was there.
    staleTime = 0;
    // The store keeps the pages; a second copy would only cost memory.
    client.removeQueries({ queryKey: options.queryKey, exact: true });
    return page;
  }, revision);
}

function useLoading(store: SegmentStore | undefined): void {
  useEffect(() => {
    store?.start();
    return store?.stop;
  }, [store]);
}

export function useSegments(store: SegmentStore): SegmentsSnapshot {
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}

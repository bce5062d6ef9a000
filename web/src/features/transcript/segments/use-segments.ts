import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { listSegmentsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { isPassing } from "@/api/problem";
import { type SegmentsSnapshot, SegmentStore } from "./segment-store";

const MAX_RETRIES = 3;

/** A store of the transcript's segments that loads while the screen is there. */
export function useSegmentStore(jobId: string, revision?: number): SegmentStore {
  const client = useQueryClient();
  const [store] = useState(
    () =>
      new SegmentStore(
        (query) =>
          client.query({
            ...listSegmentsOptions({ path: { job_id: jobId }, query }),
            // The store keeps the pages; a second copy would only cost memory.
            gcTime: 0,
            staleTime: 0,
            // A single query is tried once unless told otherwise.
            retry: (failures, error) => isPassing(error) && failures < MAX_RETRIES,
          }),
        revision,
      ),
  );
  useEffect(() => {
    store.start();
    return store.stop;
  }, [store]);
  return store;
}

export function useSegments(store: SegmentStore): SegmentsSnapshot {
  return useSyncExternalStore(store.subscribe, store.getSnapshot);
}

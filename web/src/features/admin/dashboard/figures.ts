import { type QueryClient, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { readJobStats } from "@/api/generated";
import {
  listAccountsOptions,
  listAccountsQueryKey,
  listAliasUsesOptions,
  listAliasUsesQueryKey,
  listAllJobsOptions,
  listAllJobsQueryKey,
  readJobStatsQueryKey,
  readPerformanceOptions,
  readPerformanceQueryKey,
  readSystemHealthOptions,
  readSystemHealthQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";
import type { Window } from "../search";

const HOUR_MS = 3_600_000;
const REFRESH_MS = 10_000;
/** A worker is missed after twelve seconds of silence; fifteen are promised until it is told. */
const HEALTH_REFRESH_MS = 2_000;
/** What changes seldom, or costs more to ask for, is asked for less often. */
const SLOW_REFRESH_MS = 60_000;
const SHOWN_JOBS = 5;
const LISTED = 200;

const windowHours: Record<Window, number> = { "1h": 1, "24h": 24, "7d": 168, "30d": 720 };

/** Figures in whichever state they are: on their way, there, or refused. */
export type Told<Data> = UseQueryResult<Data, unknown>;

/** Whether figures are asked for again and again; the browser's hidden pages never are. */
export interface Pace {
  isLive: boolean;
}

const every = (isLive: boolean, ms: number) => (isLive ? ms : false);

/** Everybody's jobs over a time that ends now, whenever it is asked. */
export function useJobStats(window: Window, { isLive }: Pace) {
  return useQuery({
    // The address of a request names its moment; what is kept is kept by the length of the time.
    queryKey: [...readJobStatsQueryKey(), window],
    queryFn: async ({ signal }) => {
      const from = new Date(Date.now() - windowHours[window] * HOUR_MS).toISOString();
      return (await readJobStats({ query: { from }, signal, throwOnError: true })).data;
    },
    refetchInterval: every(isLive, REFRESH_MS),
  });
}

/** How every part of the service is, now. */
export function useSystemHealth({ isLive }: Pace) {
  return useQuery({
    ...readSystemHealthOptions(),
    refetchInterval: every(isLive, HEALTH_REFRESH_MS),
  });
}

/** How fast requests were answered and stages worked, of all processes. */
export function usePerformance({ isLive }: Pace) {
  return useQuery({ ...readPerformanceOptions(), refetchInterval: every(isLive, REFRESH_MS) });
}

export function useQuarantine({ isLive }: Pace) {
  return useQuery({
    ...listAllJobsOptions({ query: { state: ["quarantined"], limit: SHOWN_JOBS } }),
    refetchInterval: every(isLive, REFRESH_MS),
  });
}

export function usePeople({ isLive }: Pace) {
  return useQuery({
    ...listAccountsOptions({ query: { limit: LISTED } }),
    refetchInterval: every(isLive, SLOW_REFRESH_MS),
  });
}

export function useAliasUses({ isLive }: Pace) {
  return useQuery({
    ...listAliasUsesOptions({ query: { limit: LISTED } }),
    refetchInterval: every(isLive, SLOW_REFRESH_MS),
  });
}

/** Asks for every figure anew. */
export function refreshFigures(queryClient: QueryClient): Promise<unknown> {
  return Promise.all(
    [
      readJobStatsQueryKey(),
      readSystemHealthQueryKey(),
      readPerformanceQueryKey(),
      listAllJobsQueryKey(),
      listAccountsQueryKey(),
      listAliasUsesQueryKey(),
    ].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  );
}

import { useQuery } from "@tanstack/react-query";
import { readPeaks } from "@/api/generated";
import { readPeaksQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { type Peaks, readPeaksFile } from "./peaks";

/** Enough for the widest screen. */
const OVERVIEW_POINTS = 4_000;
/** Of the close view, which has fifteen pixels for a second. */
const CLOSE_POINTS_PER_SECOND = 20;
/** Two bytes each: more than nine hours are drawn a little coarser instead of loading longer. */
const MOST_POINTS = 650_000;

/** The waveform of a recording, coarse at first and close as soon as that is there. */
export function usePeaks(
  recordingId: string,
  duration: number,
  hasPeaks: boolean,
): { overview: Peaks | undefined; close: Peaks | undefined } {
  const points = Math.min(MOST_POINTS, Math.ceil(duration * CLOSE_POINTS_PER_SECOND));
  const overview = usePeaksFile(recordingId, OVERVIEW_POINTS, hasPeaks);
  const isWorthIt = points > OVERVIEW_POINTS;
  const close = usePeaksFile(recordingId, points, hasPeaks && isWorthIt && overview !== undefined);
  return { overview, close: close ?? overview };
}

function usePeaksFile(id: string, points: number, isEnabled: boolean): Peaks | undefined {
  const options = { path: { recording_id: id }, query: { points, format: "dat" } } as const;
  return useQuery({
    queryKey: readPeaksQueryKey(options),
    queryFn: async ({ signal }) => {
      const { data } = await readPeaks({
        ...options,
        parseAs: "arrayBuffer",
        signal,
        throwOnError: true,
      });
      // The contract's type is that of the JSON form; this one is bytes, as `parseAs` says.
      return readPeaksFile(data as unknown as ArrayBuffer);
    },
    enabled: isEnabled,
    // A recording never changes.
    staleTime: Infinity,
  }).data;
}

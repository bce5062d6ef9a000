import { getMeOptions } from "@/api/generated/@tanstack/react-query.gen";
import { prefetchTranscript } from "@/features/transcript/prefetch-transcript";
import type { AppRouter } from "./router";

/**
 * Asks at once for all that the page needs: whose account it is, what is shown first, and the page's
 * program. The router would begin each when the one before it is there, and asks for what failed.
 */
export function warmUp(router: AppRouter): void {
  const { queryClient } = router.options.context;
  const { pathname, search } = router.latestLocation;
  const matches = router.matchRoutes(pathname, search);
  const isSignedIn = matches.some(({ routeId }) => routeId === "/signed-in");
  if (isSignedIn) queryClient.query(getMeOptions()).catch(() => undefined);
  for (const match of matches) {
    if (match.routeId === "/signed-in/transcript/$jobId") {
      void prefetchTranscript(queryClient, match.params.jobId, match.search);
    }
  }
  // The program's many files would keep the browser's few connections busy: they come after these.
  setTimeout(() => {
    for (const { routeId } of matches) void router.loadRouteChunk(router.routesById[routeId]);
  });
}

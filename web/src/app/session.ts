import type { QueryClient } from "@tanstack/react-query";
import type { RouterHistory } from "@tanstack/react-router";
import { createQueryClient } from "./query-client";
import { type AppRouter, createAppRouter } from "./router";

/** The caches and the router of one visit, wired so that a lost session leads to the sign-in. */
export function createSession(history?: RouterHistory): {
  queryClient: QueryClient;
  router: AppRouter;
} {
  const queryClient = createQueryClient(() => {
    const { location } = router.state;
    if (location.pathname === "/sign-in") return;
    queryClient.clear();
    void router.navigate({ to: "/sign-in", search: { next: location.href } });
  });
  const router = createAppRouter(queryClient, history);
  return { queryClient, router };
}

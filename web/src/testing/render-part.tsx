import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterContextProvider,
} from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { createQueryClient } from "@/app/query-client";

/** Renders a part of a screen by itself, with the caches and the addresses that it works with. */
export function renderPart(part: ReactNode) {
  const queryClient = createQueryClient(() => undefined);
  const rootRoute = createRootRoute({ component: Outlet });
  const transcriptRoute = createRoute({
    getParentRoute: () => rootRoute,
    path: "/transcript/$jobId",
  });
  const router = createRouter({
    routeTree: rootRoute.addChildren([transcriptRoute]),
    history: createMemoryHistory({ initialEntries: ["/"] }),
  });
  const wrap = (shown: ReactNode) => (
    <MantineProvider env="test" withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={queryClient}>
        {/* The part stands in no page of its own. */}
        <RouterContextProvider router={router as never}>{shown}</RouterContextProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
  const { rerender } = render(wrap(part));
  return {
    user: userEvent.setup(),
    router,
    queryClient,
    rerender: (shown: ReactNode) => {
      rerender(wrap(shown));
    },
  };
}

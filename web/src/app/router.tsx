import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  type RouterHistory,
} from "@tanstack/react-router";
import { getMeOptions } from "@/api/generated/@tanstack/react-query.gen";
import { isSignedOut } from "@/api/problem";
import { traceRequests } from "@/api/trace-parent";
import { readAuditSearch, readDashboardSearch, readJobSearch } from "@/features/admin/search";
import { readLibrarySearch } from "@/features/library/library-search";
import { prefetchTranscript } from "@/features/transcript/prefetch-transcript";
import { CrashScreen } from "./CrashScreen";
import { NotFoundScreen } from "./NotFoundScreen";

const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  notFoundComponent: NotFoundScreen,
});

const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string | undefined } => ({
    // Only our own pages: `//elsewhere` would leave the site.
    next: isOwnPage(search["next"]) ? search["next"] : undefined,
  }),
  component: lazyRouteComponent(() => import("@/features/account/SignInScreen"), "SignInScreen"),
});

const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-up",
  component: lazyRouteComponent(() => import("@/features/account/SignUpScreen"), "SignUpScreen"),
});

const resetRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/reset",
  component: lazyRouteComponent(() => import("@/features/account/ResetScreen"), "ResetScreen"),
});

function isOwnPage(address: unknown): address is string {
  return typeof address === "string" && /^\/(?![/\\])/.test(address);
}

const signedInRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "signed-in",
  beforeLoad: async ({ context, location }) => {
    try {
      const me = await context.queryClient.query({ ...getMeOptions(), staleTime: "static" });
      traceRequests(me.is_traced);
    } catch (error) {
      if (!isSignedOut(error)) throw error;
      // The router's redirect is a thrown object by its design.
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- see above
      throw redirect({ to: "/sign-in", search: { next: location.href } });
    }
  },
  component: lazyRouteComponent(() => import("./Shell"), "Shell"),
});

const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router's design
    throw redirect({ to: "/transcribe" });
  },
});

const transcribeRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/transcribe",
  component: lazyRouteComponent(
    () => import("@/features/transcribe/TranscribeScreen"),
    "TranscribeScreen",
  ),
});

const libraryRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/library",
  validateSearch: readLibrarySearch,
  component: lazyRouteComponent(() => import("@/features/library/LibraryScreen"), "LibraryScreen"),
});

const transcriptRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/transcript/$jobId",
  validateSearch: (
    search: Record<string, unknown>,
  ): { at?: number | undefined; revision?: number | undefined } => ({
    at: readSeconds(search["at"]),
    revision: readRevision(search["revision"]),
  }),
  beforeLoad: ({ context, params, search, cause }) => {
    // Not waited for: the screen's program is fetched meanwhile. A link that is only pointed at may
    // lead to a job that is just being deleted.
    if (cause === "enter") void prefetchTranscript(context.queryClient, params.jobId, search);
  },
  component: lazyRouteComponent(
    () => import("@/features/transcript/TranscriptScreen"),
    "TranscriptScreen",
  ),
});

/** A moment in a recording; anything else in its place is passed over. */
function readSeconds(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** The number of a revision; anything else stands for the newest. */
function readRevision(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}

const accountRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/account",
  component: lazyRouteComponent(() => import("@/features/account/AccountScreen"), "AccountScreen"),
});

const adminRoute = createRoute({
  getParentRoute: () => signedInRoute,
  path: "/admin",
  component: lazyRouteComponent(() => import("@/features/admin/AdminFrame"), "AdminFrame"),
});

const dashboardRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/",
  validateSearch: readDashboardSearch,
  component: lazyRouteComponent(
    () => import("@/features/admin/dashboard/DashboardScreen"),
    "DashboardScreen",
  ),
});

const anyJobRoute = createRoute({
  getParentRoute: () => adminRoute,
  // Below the administration, so no route of the service.
  // eslint-disable-next-line contract/no-rest-paths -- see above
  path: "/jobs",
  validateSearch: readJobSearch,
  component: lazyRouteComponent(() => import("@/features/admin/jobs/JobsScreen"), "JobsScreen"),
});

const peopleRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/accounts",
  component: lazyRouteComponent(() => import("@/features/people/PeopleScreen"), "PeopleScreen"),
});

const auditRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/audit",
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import("@/features/admin/audit/AuditScreen"), "AuditScreen"),
});

const aliasesRoute = createRoute({
  getParentRoute: () => adminRoute,
  path: "/aliases",
  component: lazyRouteComponent(
    () => import("@/features/admin/aliases/AliasesScreen"),
    "AliasesScreen",
  ),
});

const routeTree = rootRoute.addChildren([
  indexRoute,
  signInRoute,
  signUpRoute,
  resetRoute,
  signedInRoute.addChildren([
    transcribeRoute,
    libraryRoute,
    transcriptRoute,
    accountRoute,
    adminRoute.addChildren([dashboardRoute, anyJobRoute, peopleRoute, auditRoute, aliasesRoute]),
  ]),
]);

export function createAppRouter(queryClient: QueryClient, history?: RouterHistory) {
  return createRouter({
    routeTree,
    context: { queryClient },
    ...(history && { history }),
    defaultPreload: "intent",
    defaultErrorComponent: CrashScreen,
    scrollRestoration: true,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}

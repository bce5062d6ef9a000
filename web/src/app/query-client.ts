import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isPassing, isSignedOut } from "@/api/problem";

const MAX_RETRIES = 3;

/** Fresh caches; `onSignedOut` hears when the service no longer knows the session. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const watch = (error: unknown) => {
    if (isSignedOut(error)) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: { retry: isWorthRetrying, staleTime: 1_000 },
      mutations: { retry: false },
    },
  });
}

/** Only an answer that may differ next time is asked for again. */
function isWorthRetrying(failures: number, error: unknown): boolean {
  return isPassing(error) && failures < MAX_RETRIES;
}

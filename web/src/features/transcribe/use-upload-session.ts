import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { getMeOptions, getMeQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { patience, unfinished, uploads } from "./uploads";

/** Sends for whoever is signed in, and for nobody afterwards, whichever page is shown. */
export function useUploadSession(): void {
  const queryClient = useQueryClient();
  const userId = useQuery(getMeOptions()).data?.user_id;

  useEffect(() => {
    if (userId === undefined) return undefined;
    // Asked anew, the service says that nobody is signed in, and the page leads to the sign-in.
    uploads.onSignedOut = () => void queryClient.invalidateQueries({ queryKey: getMeQueryKey() });
    void unfinished.open(userId);
    return () => {
      unfinished.close();
    };
  }, [queryClient, userId]);

  useEffect(() => {
    // After a sleep the page is shown again before anything else tells that the line is back.
    const wake = () => {
      if (!document.hidden) patience.wake();
    };
    window.addEventListener("online", wake);
    document.addEventListener("visibilitychange", wake);
    return () => {
      window.removeEventListener("online", wake);
      document.removeEventListener("visibilitychange", wake);
    };
  }, []);
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Preferences, setPreferences } from "@/api/generated";
import {
  getPreferencesOptions,
  getPreferencesQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";
import { defaultChoices, type JobChoices } from "@/components/jobs/job-choices";

/** What the account chose, on whichever machine. */
export function usePreferences() {
  return useQuery({ ...getPreferencesOptions(), staleTime: 60_000 });
}

/** Keeps a change of what was chosen; what it does not name stays. */
export function useSavePreferences() {
  const queryClient = useQueryClient();
  return useMutation({
    // One after the other, so that each keeps what the one before it changed.
    scope: { id: "preferences" },
    mutationFn: async (change: Partial<Preferences>) => {
      const kept = await queryClient.query({ ...getPreferencesOptions(), staleTime: "static" });
      const { data } = await setPreferences({ body: { ...kept, ...change }, throwOnError: true });
      return data;
    },
    onSuccess: (kept) => queryClient.setQueryData(getPreferencesQueryKey(), kept),
  });
}

/** What a new job is offered first: the account's choices, or the usual ones until they are known. */
export function useDefaultChoices(): JobChoices {
  const { data } = usePreferences();
  return useMemo(() => {
    if (!data) return defaultChoices;
    const { model, language, task, word_timestamps: wordTimestamps } = data.job_defaults;
    return { ...defaultChoices, model, language, task, wordTimestamps };
  }, [data]);
}

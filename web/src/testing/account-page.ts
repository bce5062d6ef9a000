import type {
  AccountUsageRead,
  GetRetentionData,
  GetRetentionResponses,
  ListActivityData,
  ListActivityResponses,
  ListKeysData,
  ListKeysResponses,
  ListModelsData,
  ListModelsResponses,
  ListSessionsData,
  ListSessionsResponses,
  ReadAccountUsageData,
  ReadAccountUsageResponses,
} from "@/api/generated";
import { makeModel } from "./samples";
import { answer } from "./server";

export function tellUsage(change: Partial<AccountUsageRead> = {}): void {
  answer<ReadAccountUsageData, ReadAccountUsageResponses>("get", "/account/usage", 200, {
    stored_bytes: 3_000_000,
    reserved_bytes: 1_000_000,
    quota_bytes: 10_000_000,
    open_uploads: 1,
    max_open_uploads: 10,
    recordings: 4,
    audio_seconds: 7_200,
    ...change,
  });
}

/** Answers all that the account's page asks; a test changes the part that it is about. */
export function answerAccountPage(): void {
  const empty = { items: [], next_cursor: null };
  answer<ListSessionsData, ListSessionsResponses>("get", "/auth/sessions", 200, empty);
  answer<ListKeysData, ListKeysResponses>("get", "/auth/keys", 200, { items: [] });
  answer<ListModelsData, ListModelsResponses>("get", "/models", 200, { items: [makeModel()] });
  answer<GetRetentionData, GetRetentionResponses>("get", "/account/retention", 200, {
    operator: { audio_days: 30, transcript_days: null },
    own: { audio_days: null, transcript_days: null },
    effective: { audio_days: 30, transcript_days: null },
  });
  answer<ListActivityData, ListActivityResponses>("get", "/auth/activity", 200, empty);
  tellUsage();
}

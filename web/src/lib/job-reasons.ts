import type { JobRead } from "@/api/generated";
import { isActive } from "./jobs";

/** Codes of failures and of waiting that every language explains. */
const EXPLAINED = [
  "decoder_crashed",
  "device_unusable",
  "empty",
  "encrypted",
  "internal",
  "memory_short",
  "model_cache_unusable",
  "model_checksum",
  "model_foreign",
  "model_malformed",
  "model_missing",
  "model_truncated",
  "model_unreadable",
  "model_unsafe",
  "models_dir_missing",
  "no_audio",
  "object_damaged",
  "object_missing",
  "out_of_memory",
  "playlist",
  "quarantined",
  "storage_full",
  "storage_unavailable",
  "too_long",
  "truncated",
  "unreadable",
  "unsupported",
] as const;

type ReasonCode = (typeof EXPLAINED)[number];

interface JobReason {
  /** Undefined where it is none that the catalogues know. */
  code: ReasonCode | undefined;
  /** The service's own, in English. */
  sentence: string;
}

/** Why a job failed, or what it waits for beside its turn. */
export function reasonOf(job: JobRead): JobReason | undefined {
  if (job.error) return { code: explained(job.error.code), sentence: job.error.message };
  if (!isActive(job) || job.waiting_reason === null) return undefined;
  return { code: explained(job.waiting_code), sentence: job.waiting_reason };
}

function explained(code: string | null): ReasonCode | undefined {
  return EXPLAINED.find((each) => each === code);
}

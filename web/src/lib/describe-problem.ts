import i18next, { type TFunction } from "i18next";
import { ProblemError } from "@/api/problem";
import { formatBytes } from "./quantities";

/**
 * Refusals that every language explains, with the figures their sentences need; of all others the
 * service's own sentence is shown.
 */
const explained = {
  bytes_missing: [],
  checksum_mismatch: [],
  chunk_busy: [],
  chunk_damaged: [],
  document_too_large: [],
  empty: [],
  exports_busy: [],
  invitation_gone: [],
  invitation_required: [],
  invitation_used: [],
  job_deleted: [],
  last_admin: [],
  name_taken: [],
  quota_exceeded: ["quota_bytes", "stored_bytes", "reserved_bytes", "size_bytes"],
  reset_gone: [],
  revision_conflict: [],
  sign_up_closed: [],
  storage_full: [],
  too_large: ["max_bytes", "size_bytes"],
  too_many_exports: [],
  too_many_keys: [],
  too_many_uploads: ["open_uploads", "max_open_uploads"],
  too_many_versions: [],
  too_slow: [],
  transcript_deleted: [],
  upload_cancelled: [],
  upload_expired: [],
  upload_not_found: [],
  verification_failed: [],
} as const satisfies Record<string, readonly string[]>;

type Code = keyof typeof explained;
type Figure = (typeof explained)[Code][number];

/** One readable sentence for whatever a call threw. */
export function describeProblem(error: unknown, t: TFunction): string {
  if (!(error instanceof ProblemError)) return t("problem.unknown");
  if (error.status === 0) return t("problem.unreachable");
  if (isExplained(error.code)) {
    const figures = readFigures(error, explained[error.code]);
    if (figures) return t(`problem.code.${error.code}`, figures);
  }
  return error.message || t("problem.unknown");
}

function isExplained(code: string): code is Code {
  return Object.hasOwn(explained, code);
}

/** The figures as the reader writes them; undefined when the answer lacks one. */
function readFigures(
  { facts }: ProblemError,
  names: readonly Figure[],
): Partial<Record<Figure, string>> | undefined {
  const figures: Partial<Record<Figure, string>> = {};
  for (const name of names) {
    const value = facts[name];
    if (typeof value !== "number") return undefined;
    figures[name] = name.endsWith("_bytes")
      ? formatBytes(value, i18next.language)
      : value.toLocaleString(i18next.language);
  }
  return figures;
}

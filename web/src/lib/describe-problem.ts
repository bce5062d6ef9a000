import type { TFunction } from "i18next";
import { ProblemError } from "@/api/problem";

/** Refusals that every language explains; of all others the service's own sentence is shown. */
const explained = [
  "document_too_large",
  "exports_busy",
  "invitation_gone",
  "invitation_required",
  "invitation_used",
  "last_admin",
  "name_taken",
  "reset_gone",
  "revision_conflict",
  "sign_up_closed",
  "too_many_exports",
  "too_many_keys",
  "too_many_versions",
  "transcript_deleted",
] as const;

/** One readable sentence for whatever a call threw. */
export function describeProblem(error: unknown, t: TFunction): string {
  if (!(error instanceof ProblemError)) return t("problem.unknown");
  if (error.status === 0) return t("problem.unreachable");
  const code = explained.find((each) => each === error.code);
  return code ? t(`problem.code.${code}`) : error.message || t("problem.unknown");
}

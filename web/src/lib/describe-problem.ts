import type { TFunction } from "i18next";
import { ProblemError } from "@/api/problem";

/** One readable sentence for whatever a call threw; the service's own words where it has any. */
export function describeProblem(error: unknown, t: TFunction): string {
  if (!(error instanceof ProblemError)) return t("problem.unknown");
  if (error.status === 0) return t("problem.unreachable");
  return error.message || t("problem.unknown");
}

import type { TFunction } from "i18next";
import { ProblemError } from "@/api/problem";
import { describeProblem } from "@/lib/describe-problem";
import { formatBytes } from "@/lib/quantities";
import { FileUnreadableError } from "./sending/reading";
import { NotReopenedError, OtherFileError, type UploadItem } from "./upload-item";

/** One readable sentence for why a file is not sent. */
export function describeFailure(item: UploadItem, t: TFunction, language: string): string {
  const { error } = item;
  if (error instanceof FileUnreadableError) return t("sending.unreadable");
  if (error instanceof NotReopenedError) return t("sending.notReopened");
  if (error instanceof OtherFileError) {
    return t("sending.otherFile", {
      found: formatBytes(error.sizeBytes, language),
      expected: formatBytes(item.sizeBytes, language),
    });
  }
  if (error instanceof ProblemError && error.code === "chunk_conflict") {
    return t("sending.changedFile");
  }
  return describeProblem(error, t);
}

/** Why a file waits, while it goes on by itself. */
export function describeHindrance(error: unknown, t: TFunction): string {
  const isLine = error instanceof ProblemError && error.status === 0;
  return isLine
    ? t("sending.interrupted")
    : t("sending.held", { reason: describeProblem(error, t) });
}

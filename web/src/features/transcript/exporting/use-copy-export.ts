import { useTimeout } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { copyText } from "@/lib/clipboard";
import { describeProblem } from "@/lib/describe-problem";
import { type OpenTranscript, settleRevision } from "../open-transcript";
import type { ExportQuery } from "./export-settings";
import { readText } from "./read-export";

const SHOWN_MS = 2_000;

/** The browser did not let the page copy. */
class CopyRefusedError extends Error {
  override readonly name = "CopyRefusedError";
}

/** Copies a text file of the service's; it succeeded as long as that is worth telling. */
export function useCopyExport(transcript: OpenTranscript) {
  const copy = useMutation({
    mutationFn: async (toQuery: (revision: number) => ExportQuery) => {
      const query = toQuery(await settleRevision(transcript));
      const isCopied = await copyText(await readText(transcript.jobId, query));
      if (!isCopied) throw new CopyRefusedError();
    },
    onSuccess: () => {
      told.start();
    },
  });
  const told = useTimeout(copy.reset, SHOWN_MS);
  return copy;
}

/** One readable sentence for whatever an export or a copy threw. */
export function describeFault(error: unknown, t: TFunction): string {
  return error instanceof CopyRefusedError ? t("app.copyFailed") : describeProblem(error, t);
}

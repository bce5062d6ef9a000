import { listStored, readStored, removeStored, writeStored } from "@/lib/stored";
import type { KeptLedger } from "./ledger";

/** Told apart from what another version of this page kept. */
const FORMAT = 1;
const PREFIX = "transcriber.edits";

/**
 * What pages could not save, in this browser's storage: each page writes its own, and one that is
 * gone leaves it behind for the next.
 */
export class Keeping {
  constructor(
    private readonly jobId: string,
    private readonly page: string,
  ) {}

  readonly write = (kept: KeptLedger | undefined): void => {
    const key = this.#keyOf(this.page);
    if (kept) writeStored(key, JSON.stringify({ format: FORMAT, ...kept }));
    else removeStored(key);
  };

  /** Other pages that left something. */
  readonly listPages = (): string[] => {
    const prefix = this.#keyOf("");
    return listStored(prefix)
      .map((key) => key.slice(prefix.length))
      .filter((page) => page !== this.page);
  };

  /** Takes over what a page left. */
  readonly take = (page: string): KeptLedger | undefined => {
    const key = this.#keyOf(page);
    const kept = parse(readStored(key));
    removeStored(key);
    if (kept) this.write(kept);
    return kept;
  };

  #keyOf(page: string): string {
    return `${PREFIX}.${this.jobId}.${page}`;
  }
}

function parse(stored: string | null): KeptLedger | undefined {
  try {
    const found = JSON.parse(stored ?? "null") as (KeptLedger & { format: unknown }) | null;
    return found?.format === FORMAT ? found : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

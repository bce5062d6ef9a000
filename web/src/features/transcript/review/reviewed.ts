import { Observable } from "@/lib/observable";
import { readStored, writeStored } from "@/lib/stored";
import type { EditSession } from "../editing/session";
import { keyOfSegment } from "./items";

const PREFIX = "transcriber.reviewed";

/**
 * What was reviewed, kept in this browser.  Segments are kept by the service's indexes, which name
 * one content for good: what somebody else changes has to be looked at again.
 */
export class Reviewed {
  readonly keys = new Observable<ReadonlySet<string>>(new Set());
  readonly #storageKey: string;

  constructor(
    jobId: string,
    private readonly session: EditSession,
  ) {
    this.#storageKey = `${PREFIX}.${jobId}`;
    const kept = parse(readStored(this.#storageKey));
    this.keys.set(new Set(kept.map((key) => this.#translate(key, session.nameOf) ?? key)));
  }

  /** A correction of this page gives a segment another index. */
  readonly start = (): (() => void) => this.session.made.subscribe(this.#write);

  readonly mark = (key: string, isReviewed = true): void => {
    const keys = new Set(this.keys.get());
    if (isReviewed) keys.add(key);
    else keys.delete(key);
    this.keys.set(keys);
    this.#write();
  };

  readonly #write = (): void => {
    const kept = [...this.keys.get()].flatMap(
      (key) => this.#translate(key, this.session.indexOf) ?? [],
    );
    writeStored(this.#storageKey, JSON.stringify(kept));
  };

  #translate(key: string, change: (name: number) => number | undefined): string | undefined {
    const name = /^s(-?\d+)$/.exec(key)?.[1];
    if (name === undefined) return key;
    const changed = change(Number(name));
    return changed === undefined ? undefined : keyOfSegment(changed);
  }
}

function parse(stored: string | null): string[] {
  try {
    const found: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(found) ? found.filter((key) => typeof key === "string") : [];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [];
  }
}

import type { EditResult } from "@/api/generated";
import { isPassing, ProblemError } from "@/api/problem";
import { Observable } from "@/lib/observable";
import { readForeignChange } from "./foreign";
import type { Ledger } from "./ledger";
import type { ForeignChange } from "./rebase";
import type { EditService } from "./service";

export type SaveStatus =
  | { kind: "saved" | "unsaved" | "saving" }
  /** It is tried again by itself. */
  | { kind: "waiting"; error: unknown }
  /** The service will not do it; somebody has to say what shall happen. */
  | { kind: "refused"; error: unknown; place: number | undefined };

/** Who shows the segments. */
interface SaveListener {
  /** The service did what was sent. */
  onSaved: (answer: EditResult, isUnderstood: boolean) => void;
  /** Somebody else changed the revision; `hasMoved` when operations that wait were moved along. */
  onForeign: (change: ForeignChange, since: number, hasMoved: boolean) => void;
  /** Operations that the service would not do were given up. */
  onDiscarded: () => void;
}

type Outcome = "done" | "again" | "failed";

const REST_MS = 800;
const LONGEST_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** Sends what waits, one request at a time, and takes in what others did. */
export class Saver {
  readonly status = new Observable<SaveStatus>({ kind: "saved" });
  #running: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unsavedSince: number | undefined;
  #failures = 0;
  /** The newest revision that this page heard of. */
  #newest = 0;
  #isStopped = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly service: EditService,
    private readonly listener: SaveListener,
  ) {}

  /** Something was done here: it is sent once the hands rest. */
  touch(): void {
    const { kind } = this.status.get();
    if (this.ledger.entries.length === 0) {
      if (!this.#running) this.#rest();
      return;
    }
    if (kind === "saved") this.status.set({ kind: "unsaved" });
    if (kind === "waiting" || kind === "refused") return;
    this.#unsavedSince ??= Date.now();
    this.#plan(Math.min(REST_MS, this.#unsavedSince + LONGEST_MS - Date.now()));
  }

  /** Sends at once; true when the service has everything. */
  readonly flush = async (): Promise<boolean> => {
    clearTimeout(this.#timer);
    while (this.#running) await this.#running;
    await this.#alone(() => this.#send());
    return this.ledger.isEmpty;
  };

  /** Takes in a revision that was made elsewhere. */
  readonly hear = async (revision: number): Promise<void> => {
    this.#newest = Math.max(this.#newest, revision);
    if (this.#newest > this.ledger.revision) await this.flush();
  };

  /** Renames a speaker throughout, after everything else is saved; false when it was not done. */
  readonly rename = async (speaker: string | null, name: string | null): Promise<boolean> => {
    while (await this.flush()) {
      const outcome = await this.#rename(speaker, name);
      await this.flush();
      if (outcome !== "again") return outcome === "done";
    }
    return false;
  };

  /** Gives up what the service will not do. */
  readonly discard = (): void => {
    const status = this.status.get();
    if (status.kind !== "refused") return;
    this.ledger.discard(status.place);
    this.status.set({ kind: "unsaved" });
    this.listener.onDiscarded();
    this.touch();
  };

  start(): void {
    this.#isStopped = false;
    this.touch();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #rename(speaker: string | null, name: string | null): Promise<Outcome> {
    let outcome = "failed" as Outcome;
    await this.#alone(async () => {
      try {
        this.#newest = await this.service.rename(this.ledger.revision, speaker, name);
        outcome = "done";
      } catch (error) {
        const newest = readConflict(error);
        if (newest === undefined) throw error;
        this.#newest = newest;
        outcome = "again";
      }
    });
    return outcome;
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    this.#running = work()
      .catch((error: unknown) => {
        this.#fail(error);
      })
      .finally(() => {
        this.#running = undefined;
      });
    await this.#running;
  }

  async #send(): Promise<void> {
    if (this.#newest > this.ledger.revision) await this.#catchUp(this.#newest);
    while (this.ledger.entries.length > 0) {
      this.status.set({ kind: "saving" });
      await this.#sendBatch();
      this.#failures = 0;
    }
    this.#rest();
  }

  async #sendBatch(): Promise<void> {
    const batch = this.ledger.begin();
    const { revision } = this.ledger;
    try {
      const answer = await this.service.edit(revision, batch);
      const isUnderstood = this.ledger.accept(answer);
      this.listener.onSaved(answer, isUnderstood);
    } catch (error) {
      const newest = readConflict(error);
      this.ledger.refuse(isDoubtful(error));
      if (newest === undefined) throw error;
      await this.#catchUp(newest);
    }
  }

  async #catchUp(newest: number): Promise<void> {
    const since = this.ledger.revision;
    const change = await readForeignChange(this.service, since, newest, this.ledger.names);
    const hasMoved = this.ledger.rebase(change, newest);
    this.listener.onForeign(change, since, hasMoved);
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return;
    if (!isPassing(error)) {
      this.status.set({ kind: "refused", error, place: readPlace(error) });
      return;
    }
    if (this.ledger.entries.length > 0) this.status.set({ kind: "waiting", error });
    this.#plan(Math.min(FIRST_RETRY_MS * 2 ** this.#failures, LAST_RETRY_MS));
    this.#failures += 1;
  }

  #plan(wait: number): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.flush(), Math.max(0, wait));
  }

  #rest(): void {
    clearTimeout(this.#timer);
    this.#unsavedSince = undefined;
    this.status.set({ kind: "saved" });
  }
}

/** Whether nobody knows if it was done. */
function isDoubtful(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 0 || error.status >= 500);
}

/** The newest revision, where the service says that it was made meanwhile. */
function readConflict(error: unknown): number | undefined {
  if (!(error instanceof ProblemError) || error.code !== "revision_conflict") return undefined;
  const revision = error.facts["revision"];
  return typeof revision === "number" ? revision : undefined;
}

/** Which of the operations was refused. */
function readPlace(error: unknown): number | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  const operation = error.facts["operation"];
  return typeof operation === "number" ? operation : undefined;
}

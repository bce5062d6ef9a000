import type { QueryClient } from "@tanstack/react-query";
import { type JobStreamEvent, streamJobs } from "@/api/generated";
import { applyEvent } from "./apply-event";
import { refreshLists } from "./job-cache";

/** A sign of life comes every 15 seconds (`STREAM_HEARTBEAT_SECONDS`); after three the line is dead. */
const SILENCE_MS = 45_000;
const MAX_PAUSE_MS = 30_000;
const FIRST_PAUSE_MS = 1_000;
/** Changes that come together are followed by one question. */
const GATHER_MS = 800;
/** A hidden page shows nothing; its connection is one of the six that a browser has for all tabs. */
const HIDDEN_MS = 15_000;

/** `live`: told of all; `partly`: of the foremost jobs; `down`: somebody has to ask. */
export type FeedState = "live" | "partly" | "down";

/** The account's event stream, shared by all of the page that show jobs: open while somebody does. */
export class JobFeed {
  private readonly watchers = new Set<() => void>();
  private readonly readers = new Set<(event: JobStreamEvent) => void>();
  private state: FeedState = "down";
  private line: AbortController | undefined;
  private lastEventId: string | undefined;
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private hiding: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly queryClient: QueryClient) {}

  readonly getState = (): FeedState => this.state;

  /** Hears of changes of the state; the stream is open while anybody does. */
  readonly watch = (watcher: () => void): (() => void) => {
    if (this.watchers.size === 0) this.begin();
    this.watchers.add(watcher);
    return () => {
      this.watchers.delete(watcher);
      if (this.watchers.size === 0) this.end();
    };
  };

  /** Hears every event; that alone opens no stream. */
  readonly listen = (reader: (event: JobStreamEvent) => void): (() => void) => {
    this.readers.add(reader);
    return () => {
      this.readers.delete(reader);
    };
  };

  private begin(): void {
    document.addEventListener("visibilitychange", this.onVisibility);
    if (document.visibilityState === "visible") this.open();
  }

  private end(): void {
    document.removeEventListener("visibilitychange", this.onVisibility);
    clearTimeout(this.hiding);
    clearTimeout(this.gathering);
    this.gathering = undefined;
    this.close();
    // Whoever opens it next, perhaps another person, begins with the present.
    this.lastEventId = undefined;
  }

  private readonly onVisibility = (): void => {
    clearTimeout(this.hiding);
    if (document.visibilityState === "visible") this.open();
    else this.hiding = setTimeout(this.close, HIDDEN_MS);
  };

  private open(): void {
    if (this.line) return;
    this.line = new AbortController();
    void this.follow(this.line.signal);
  }

  private readonly close = (): void => {
    this.line?.abort();
    this.line = undefined;
    this.tell("down");
  };

  /** Keeps a stream open until it is told to stop, coming back later after each failure. */
  private async follow(signal: AbortSignal): Promise<void> {
    const isStopped = () => signal.aborted;
    let failures = 0;
    while (!isStopped()) {
      const hasHeard = await this.readStream(signal);
      if (isStopped()) return;
      this.tell("down");
      failures = hasHeard ? 0 : failures + 1;
      await pause(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures), signal);
    }
  }

  /** One connection, from its beginning to its end; tells whether anything came. */
  private async readStream(signal: AbortSignal): Promise<boolean> {
    const silence = new AbortController();
    let dying: ReturnType<typeof setTimeout> | undefined;
    const onLife = () => {
      clearTimeout(dying);
      dying = setTimeout(() => {
        silence.abort();
      }, SILENCE_MS);
    };
    let hasHeard = false;
    let id: string | undefined;
    onLife();
    const { stream } = await streamJobs({
      signal: AbortSignal.any([signal, silence.signal]),
      // Coming back is our own affair: the client does not when a stream ends in good order.
      sseMaxRetryAttempts: 1,
      onSseEvent: (event) => {
        onLife();
        id = event.id;
      },
      ...(this.lastEventId !== undefined && { headers: { "Last-Event-ID": this.lastEventId } }),
    });
    for await (const event of stream) {
      if (signal.aborted) break;
      hasHeard = true;
      this.take(event);
      this.lastEventId = id;
    }
    clearTimeout(dying);
    return hasHeard;
  }

  private take(event: JobStreamEvent): void {
    if (applyEvent(this.queryClient, event)) this.refreshSoon();
    if (event.type === "snapshot") this.tell(event.has_more ? "partly" : "live");
    for (const reader of this.readers) reader(event);
  }

  private refreshSoon(): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      void refreshLists(this.queryClient);
    }, GATHER_MS);
  }

  private tell(state: FeedState): void {
    if (state === this.state) return;
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }
}

function pause(duration: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, duration);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

import { waitFor } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { expect } from "vitest";
import type { JobRead, JobStateEvent, JobStreamEvent, StreamJobsData } from "@/api/generated";
import { server, toPattern } from "./server";

/** The jobs that have not ended, as each connection begins. */
export const snapshot = (...jobs: JobRead[]): JobStreamEvent => ({
  type: "snapshot",
  jobs,
  has_more: false,
});

export const progress = (job: JobRead): JobStreamEvent => ({ type: "progress", job });

/** A job that was in another state before. */
export function moved(job: JobRead, from: JobStateEvent["from_state"]): JobStreamEvent {
  return {
    type: "state",
    id: 1,
    job_id: job.id,
    from_state: from,
    to_state: job.state,
    detail: null,
    generation: 1,
    attempt: 1,
    created_at: job.updated_at,
    job,
  };
}

export const deleted = (job: JobRead): JobStreamEvent => ({
  type: "deleted",
  id: 2,
  job_id: job.id,
  created_at: job.updated_at,
});

/** The account's event stream, as a test plays it. */
export class TestStream {
  /** One for each connection, the refused ones included. */
  readonly requests: Request[] = [];
  private line: ReadableStreamDefaultController<Uint8Array> | undefined;
  private isRefusing = false;
  private lastId = 0;

  constructor() {
    server.use(
      http.get(toPattern("/jobs/events" satisfies StreamJobsData["url"]), ({ request }) => {
        this.requests.push(request);
        if (this.isRefusing) return new HttpResponse(null, { status: 503 });
        const body = new ReadableStream<Uint8Array>({
          start: (line) => {
            this.line = line;
          },
        });
        // A length that is never reached: the client's parser takes the end of a line that it has
        // itself given up for that of a body without one, and fails over it.
        const headers = { "Content-Type": "text/event-stream", "Content-Length": "1000000" };
        return new HttpResponse(body, { headers });
      }),
    );
  }

  /** Waits for a connection and tells it something; what is kept has the next number. */
  async send(event: JobStreamEvent): Promise<void> {
    await waitFor(() => {
      expect(this.line).toBeDefined();
    });
    const isKept = event.type !== "progress";
    const id = isKept ? `id: ${++this.lastId}\n` : "";
    const text = `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
    this.line?.enqueue(new TextEncoder().encode(text));
  }

  /** Ends the connection; the next ones are refused until `admit`. */
  breakOff(): void {
    this.isRefusing = true;
    this.line?.error(new Error("The line was cut."));
    this.line = undefined;
  }

  admit(): void {
    this.isRefusing = false;
  }
}

import { client } from "./generated/client.gen";

export const TRACE_PARENT = "traceparent";

let isTracing = false;

/** Whether the service traces requests, as it said; it is told nothing where it does not. */
export function traceRequests(isOn: boolean): void {
  isTracing = isOn;
}

/** Gives every request of the generated client a trace of its own, while the service traces. */
export function sendTraceParents(): void {
  client.interceptors.request.use((request) => {
    if (isTracing) request.headers.set(TRACE_PARENT, makeTraceParent());
    return request;
  });
}

/** The trace that a request began; undefined where it told none. */
export function readTraceId(request: Request | undefined): string | undefined {
  return request?.headers.get(TRACE_PARENT)?.split("-")[1];
}

/** A trace that this request begins, as https://www.w3.org/TR/trace-context/ writes it. */
function makeTraceParent(): string {
  return `00-${makeId(16)}-${makeId(8)}-01`;
}

/** Zeros alone are no id; by chance they never come, so they are no case of their own. */
function makeId(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

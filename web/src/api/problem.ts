import { client } from "./generated/client.gen";
import { readTraceId } from "./trace-parent";

/** A refusal by the service (RFC 9457), or the want of any answer (`status` 0). */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Further members of the answer: limits, usage. */
    readonly facts: Readonly<Record<string, unknown>> = {},
    /** When the service would like to be asked again. */
    readonly retryAfterSeconds?: number,
    /** The trace that the request began, where the service traces. */
    readonly traceId?: string,
  ) {
    super(detail);
  }
}

/** Makes every call of the generated client fail with a `ProblemError`, abortion excepted. */
export function raiseProblems(): void {
  client.interceptors.error.use((error, response, request) =>
    error instanceof DOMException && error.name === "AbortError"
      ? error
      : toProblem(error, response, readTraceId(request)),
  );
}

function toProblem(
  error: unknown,
  response: Response | undefined,
  traceId: string | undefined,
): ProblemError {
  if (!response) return new ProblemError(0, "unreachable", "", {}, undefined, traceId);
  const body: Record<string, unknown> = isRecord(error) ? error : {};
  return new ProblemError(
    response.status,
    asText(body["code"]) ?? "unknown",
    asText(body["detail"]) ?? asText(body["title"]) ?? "",
    body,
    readRetryAfter(response),
    traceId,
  );
}

function readRetryAfter(response: Response): number | undefined {
  const seconds = response.headers.get("Retry-After");
  return seconds !== null && /^\d+$/.test(seconds) ? Number(seconds) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function asText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Whether the service does not know the session; a wrong password is a 401 of another code. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401 && error.code === "unauthenticated";
}

/** Whether the same request may succeed the next time: the line or the service was away. */
export function isPassing(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 0 || error.status >= 502);
}

/** Whether what was asked for does not exist, or no longer. */
export function isGone(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 404;
}

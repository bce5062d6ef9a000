import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { Page, Request, Route } from "@playwright/test";

const STATIC = join(import.meta.dirname, "../../src/transcriber/static");
const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** Nothing listens there: every request is answered before it leaves the browser. */
export const ADDRESS = "http://localhost:9";

/** The parts of a generated operation that an answer must agree with. */
interface Operation {
  url: string;
}

type Method = "DELETE" | "GET" | "PATCH" | "POST" | "PUT";
type Answer = (route: Route) => Promise<void>;

/** Stands in for the whole service: the built application, and answers typed by its contract. */
export class MockedService {
  /** What was asked and has no answer. */
  readonly unanswered: string[] = [];
  readonly #answers: { method: Method; pattern: RegExp; answer: Answer }[] = [];

  static async of(page: Page): Promise<MockedService> {
    const service = new MockedService();
    await page.route("**/*", (route) => service.#respond(route));
    return service;
  }

  /** Answers an operation from now on; what was said of it before no longer holds. */
  answer<
    Data extends Operation,
    Responses,
    Status extends keyof Responses & number = keyof Responses & number,
  >(method: Method, url: Data["url"], status: Status, body: Responses[Status]): void {
    this.#add(method, url, (route) => route.fulfill({ status, json: body as object }));
  }

  /** A stream of events that says nothing, and that the page opens again when it ends. */
  keepSilent<Data extends Operation>(url: Data["url"]): void {
    const contentType = "text/event-stream";
    this.#add("GET", url, (route) => route.fulfill({ contentType, body: ": nothing yet\n\n" }));
  }

  #add(method: Method, url: string, answer: Answer): void {
    const path = url.replaceAll(/\{\w+\}/g, "[^/]+");
    this.#answers.unshift({ method, pattern: new RegExp(`^${path}$`), answer });
  }

  async #respond(route: Route): Promise<void> {
    const request = route.request();
    const path = new URL(request.url()).pathname;
    const found = this.#answers.find(
      ({ method, pattern }) => method === request.method() && pattern.test(path),
    );
    if (found) {
      await found.answer(route);
      return;
    }
    const file = findFile(request, path);
    if (file) {
      const contentType = TYPES[extname(file)] ?? "application/octet-stream";
      await route.fulfill({ contentType, body: readFileSync(file) });
      return;
    }
    this.unanswered.push(`${request.method()} ${path}`);
    await route.abort();
  }
}

function findFile(request: Request, path: string): string | undefined {
  const file = join(STATIC, path);
  if (extname(path) && existsSync(file)) return file;
  return request.isNavigationRequest() ? join(STATIC, "index.html") : undefined;
}

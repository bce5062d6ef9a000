import { delay, http, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import type {
  GetPreferencesData,
  ListUploadsData,
  Preferences,
  Problem,
  ReadSignUpData,
  SetPreferencesData,
  SignUpRead,
  StreamJobsData,
  UploadPage,
} from "@/api/generated";

const undecided: Preferences = {
  theme: null,
  language: null,
  job_defaults: { model: null, language: null, task: "transcribe", word_timestamps: false },
};

/** Stands in for the service at the network's edge: the generated client itself is under test. */
export const server = setupServer(
  // The sign-in asks this wherever it appears, whatever a test is about.
  http.get(toPattern("/auth/sign-up" satisfies ReadSignUpData["url"]), () =>
    HttpResponse.json({ mode: "closed" } satisfies SignUpRead),
  ),
  // Every page behind the sign-in asks how it shall look, and some change it.
  http.get(toPattern("/account/preferences" satisfies GetPreferencesData["url"]), () =>
    HttpResponse.json(undecided),
  ),
  http.put<never, Preferences>(
    toPattern("/account/preferences" satisfies SetPreferencesData["url"]),
    async ({ request }) => HttpResponse.json(await request.json()),
  ),
  // So does the page that sends: what was left unfinished elsewhere.
  http.get(toPattern("/uploads/" satisfies ListUploadsData["url"]), () =>
    HttpResponse.json({ items: [], next_cursor: null } satisfies UploadPage),
  ),
  // Whatever shows jobs opens their stream; a test that is not about it hears nothing there.
  http.get(toPattern("/jobs/events" satisfies StreamJobsData["url"]), async () => {
    await delay("infinite");
  }),
);

type Method = "get" | "post" | "put" | "patch" | "delete";

/** The parts of a generated operation that an answer must agree with. */
interface Operation {
  url: string;
}

/**
 * Answers one operation.  Address, status and body are typed by the generated client, so that a
 * contract change breaks the tests that rely on the old one at compile time.
 */
export function answer<
  Data extends Operation,
  Responses,
  Status extends keyof Responses & number = keyof Responses & number,
>(
  method: Method,
  url: Data["url"],
  status: Status,
  body: Responses[Status] | ((request: Request) => Responses[Status] | Promise<Responses[Status]>),
): void {
  server.use(
    http[method](toPattern(url), async ({ request }) => {
      const content = body instanceof Function ? await body(request) : body;
      return status === 204
        ? new HttpResponse(null, { status })
        : HttpResponse.json(content as object, { status });
    }),
  );
}

/** Answers one operation with a text file. */
export function answerFile<Data extends Operation>(
  method: Method,
  url: Data["url"],
  content: (request: Request) => string,
): void {
  server.use(http[method](toPattern(url), ({ request }) => new HttpResponse(content(request))));
}

/** A problem document with further members (limits, usage), and when to come back. */
type Refusal = Pick<Problem, "status" | "code" | "detail"> & { retryAfter?: number } & Record<
    string,
    string | number
  >;

/** Refuses one operation with a problem document, not before `until` is settled. */
export function refuse<Data extends Operation>(
  method: Method,
  url: Data["url"],
  { status, code, detail, retryAfter, ...facts }: Refusal,
  until?: Promise<void>,
): void {
  const problem: Problem = { type: `/problems/${code}`, title: code, status, code, detail };
  const headers = {
    "Content-Type": "application/problem+json",
    ...(retryAfter !== undefined && { "Retry-After": String(retryAfter) }),
  };
  server.use(
    http[method](toPattern(url), async () => {
      await until;
      return HttpResponse.json({ ...problem, ...facts }, { status, headers });
    }),
  );
}

/** Never answers: the screen stays in its loading state. */
export function stall<Data extends Operation>(method: Method, url: Data["url"]): void {
  server.use(
    http[method](toPattern(url), async () => {
      await delay("infinite");
    }),
  );
}

/** Cuts the line. */
export function disconnect<Data extends Operation>(method: Method, url: Data["url"]): void {
  server.use(http[method](toPattern(url), () => HttpResponse.error()));
}

export function toPattern(url: string): string {
  return window.location.origin + url.replace(/\{(\w+)\}/g, ":$1");
}

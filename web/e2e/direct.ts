import { type Service } from "./service.ts";

/** What is set up before a journey begins: through the API, without the page. */

export interface Credentials {
  name: string;
  password: string;
}

export function firstAdmin(service: Service): Credentials {
  return { name: "admin", password: service.password };
}

/** A session of a browser, as the `Cookie` header that holds it. */
export async function openSession(service: Service, credentials: Credentials): Promise<string> {
  const answer = await ask(service, "/auth/login", { body: json(credentials), headers: JSON_TYPE });
  const [cookie] = answer.headers.getSetCookie();
  if (!cookie) throw new Error("The sign-in gave no cookie.");
  return cookie.split(";")[0] ?? "";
}

/** Another account, made by the first administrator. */
export async function addAccount(service: Service, name: string): Promise<Credentials> {
  const credentials = { name, password: "correct horse battery" };
  const cookie = await openSession(service, firstAdmin(service));
  const headers = { ...JSON_TYPE, Cookie: cookie };
  await ask(service, "/api/admin/accounts", { body: json(credentials), headers });
  return credentials;
}

interface Job {
  id: string;
  state: string;
}

/** What a submission says beside its file, as fields of the form. */
export type Fields = Record<string, string>;

/** Sends a file. */
export async function send(
  service: Service,
  cookie: string,
  file: Buffer,
  fields: Fields = {},
): Promise<Job> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", new File([new Uint8Array(file)], "dickens.wav"));
  return (await (
    await ask(service, "/jobs/", { body, headers: { Cookie: cookie } })
  ).json()) as Job;
}

/** Sends a recording and waits for its transcript; the job's id. */
export async function transcribe(
  service: Service,
  cookie: string,
  recording: Buffer,
  fields: Fields = {},
): Promise<string> {
  let job = await send(service, cookie, recording, { language: "en", ...fields });
  const deadline = Date.now() + TRANSCRIPTION_MS;
  while (job.state !== "completed") {
    if (job.state === "failed") throw new Error("The transcription failed.");
    if (Date.now() > deadline) throw new Error(`The job is still ${job.state}.`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const headers = { Cookie: cookie };
    const read = await ask(service, `/jobs/${job.id}`, { method: "GET", headers });
    job = (await read.json()) as Job;
  }
  return job.id;
}

export const JSON_TYPE = { "Content-Type": "application/json" };
const TRANSCRIPTION_MS = 120_000;

const json = (content: object) => JSON.stringify(content);

/** A page's own request; throws where it is refused. */
export async function ask(service: Service, path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  // As a page of the service's own would: a cookie from elsewhere is refused.
  headers.set("Origin", service.address);
  const answer = await fetch(service.address + path, { method: "POST", ...init, headers });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

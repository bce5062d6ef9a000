import { http, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { readForm } from "@/testing/read-form";
import { server } from "@/testing/server";
import { fetchWithProgress } from "./fetch-with-progress";

const address = `${window.location.origin}/upload`;

function makeForm(): FormData {
  const form = new FormData();
  form.append("file", new File(["speech"], "a.wav"));
  return form;
}

test("the answer arrives with its status, headers and body", async () => {
  let method = "";
  let key: string | null = null;
  server.use(
    http.all(address, async ({ request }) => {
      method = request.method;
      key = request.headers.get("Idempotency-Key");
      const { file: name } = await readForm(request);
      return HttpResponse.json({ name }, { status: 201, headers: { "X-Job": "7" } });
    }),
  );
  const send = fetchWithProgress(makeForm, () => undefined);
  const answer = await send(
    new Request(address, { method: "POST", headers: { "Idempotency-Key": "k" } }),
  );
  expect([answer.status, answer.headers.get("X-Job")]).toEqual([201, "7"]);
  expect(await answer.json()).toEqual({ name: "a.wav" });
  expect([method, key]).toEqual(["POST", "k"]);
});

test("a broken line is a TypeError, as with fetch", async () => {
  server.use(http.all(address, () => HttpResponse.error()));
  const send = fetchWithProgress(makeForm, () => undefined);
  await expect(send(new Request(address, { method: "POST" }))).rejects.toBeInstanceOf(TypeError);
});

test("an abortion is told as one, also before anything was sent", async () => {
  const controller = new AbortController();
  controller.abort();
  const send = fetchWithProgress(makeForm, () => undefined);
  const sending = send(new Request(address, { method: "POST", signal: controller.signal }));
  await expect(sending).rejects.toMatchObject({ name: "AbortError" });
});

import { expect, test } from "vitest";
import { ProblemError } from "@/api/problem";
import { FakeClock } from "../fakes/fake-clock";
import { Patience, planRetry } from "./patience";

const problem = (status: number, code = "some", retryAfterSeconds?: number) =>
  new ProblemError(status, code, "", {}, retryAfterSeconds);
const longest = () => 1;

test.each([0, 408, 423, 429, 502, 503, 504])("%d is worth any number of tries", (status) => {
  expect(planRetry(problem(status), 1, longest)).toBe(1_000);
  expect(planRetry(problem(status), 4, longest)).toBe(8_000);
  expect(planRetry(problem(status), 500, longest)).toBe(30_000);
});

test.each([400, 401, 404, 409, 410, 413, 422, 507])("%d is not", (status) => {
  expect(planRetry(problem(status), 1, longest)).toBeUndefined();
});

test("a fault of the service is worth a few", () => {
  expect(planRetry(problem(500), 4, longest)).toBe(8_000);
  expect(planRetry(problem(500), 5, longest)).toBeUndefined();
  expect(planRetry(new Error("ours"), 1, longest)).toBeUndefined();
});

test("nobody waits less than was asked, or all the same time", () => {
  expect(planRetry(problem(429, "too_many_uploads", 60), 1, longest)).toBe(60_000);
  expect(planRetry(problem(503, "unavailable", 86_400), 1, longest)).toBe(300_000);
  expect(planRetry(problem(0), 3, () => 0)).toBe(2_000);
  expect(planRetry(problem(0), 3, () => 0.5)).toBe(3_000);
});

test("a wait ends with its signal", async () => {
  const patience = new Patience(new FakeClock());
  const controller = new AbortController();
  const waiting = patience.pause(1_000, controller.signal);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  await expect(patience.pause(1_000, controller.signal)).rejects.toMatchObject({
    name: "AbortError",
  });
});

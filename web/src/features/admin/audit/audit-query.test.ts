import { expect, test } from "vitest";
import { readAuditSearch } from "../search";
import { toQuery } from "./audit-query";

test("both days belong to the time that is asked for", () => {
  const query = toQuery({ from: "2026-11-30", to: "2026-11-30" });
  expect(new Date(query.from ?? "").toString()).toContain("Nov 30 2026 00:00:00");
  expect(new Date(query.to ?? "").toString()).toContain("Dec 01 2026 00:00:00");
});

test("what is not asked for is not sent", () => {
  expect(toQuery({ object: "x", action: "job.delete" })).toEqual({
    object_id: "x",
    action: "job.delete",
  });
});

test("an address that says nonsense asks for everything", () => {
  const search = readAuditSearch({ actor: "two words", action: 7, from: "yesterday", to: null });
  expect(toQuery(search)).toEqual({});
});

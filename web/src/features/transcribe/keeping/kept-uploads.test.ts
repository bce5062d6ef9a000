import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";
import { defaultChoices } from "@/components/jobs/job-choices";
import { type KeptUpload, KeptUploads } from "./kept-uploads";

const kept: KeptUpload = {
  ...{ id: "k1", userId: "ada", name: "a.wav", sizeBytes: 3, lastModified: 7 },
  ...{ choices: { ...defaultChoices, language: "de" }, uploadId: "u1", handle: undefined },
  ...{ mustProve: false, isPaused: true },
};

test("what one page remembers, the next one finds, for the same account alone", async () => {
  await new KeptUploads().put(kept);
  await new KeptUploads().put({ ...kept, id: "k2", userId: "bob" });
  expect(await new KeptUploads().list("ada")).toEqual([kept]);
  await new KeptUploads().remove("k1");
  expect(await new KeptUploads().list("ada")).toEqual([]);
});

test("where the browser keeps nothing, nothing is remembered, and that is all", async () => {
  vi.spyOn(indexedDB, "open").mockImplementation(() => {
    throw new DOMException("private window", "SecurityError");
  });
  const memory = new KeptUploads();
  await memory.put(kept);
  await memory.remove("k1");
  expect(await memory.list("ada")).toEqual([]);
});

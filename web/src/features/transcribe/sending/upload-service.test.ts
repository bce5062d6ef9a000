import { expect, test } from "vitest";
import type {
  FinalizeUploadData,
  FinalizeUploadResponses,
  InitializeUploadData,
  InitializeUploadResponses,
  SendChunkData,
  SendChunkResponses,
  UploadRequest,
} from "@/api/generated";
import { defaultChoices } from "@/components/jobs/job-choices";
import { makeAcceptedJob, makeUpload } from "@/testing/samples";
import { answer, refuse } from "@/testing/server";
import { digestChunk, FileUnreadableError } from "./reading";
import { uploadService } from "./upload-service";

const { signal } = new AbortController();
const ignore = () => undefined;

test("an upload is announced with its options under its key", async () => {
  let request: [string | null, UploadRequest] | undefined;
  answer<InitializeUploadData, InitializeUploadResponses>(
    "post",
    "/uploads/",
    201,
    async (each) => {
      request = [each.headers.get("Idempotency-Key"), (await each.json()) as UploadRequest];
      return makeUpload();
    },
  );
  const choices = { ...defaultChoices, language: "de", hotwords: " Ada " };
  await uploadService.announce({ key: "k1", name: "a.wav", sizeBytes: 20, choices }, signal);
  expect(request).toEqual([
    "k1",
    {
      name: "a.wav",
      size_bytes: 20,
      options: { language: "de", task: "transcribe", hotwords: "Ada", word_timestamps: false },
    },
  ]);
});

test("a chunk goes as it is, with its digest, and reports how much was sent", async () => {
  let seen: unknown[] = [];
  answer<SendChunkData, SendChunkResponses>(
    "put",
    "/uploads/{upload_id}/chunks/{number}",
    200,
    async (request) => {
      const header = (name: string) => request.headers.get(name);
      seen = [await request.text(), header("Content-Digest"), header("Content-Type")];
      return { upload_id: "u1", number: 2, size_bytes: 5, sha256: "" };
    },
  );
  const body = new Blob(["hello"]);
  const digest = await digestChunk(body);
  await uploadService.sendChunk({ uploadId: "u1", number: 2, body, digest }, ignore, signal);
  expect(seen).toEqual([
    "hello",
    "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:",
    "application/octet-stream",
  ]);
});

test("the end is a job, or nothing while the service still checks", async () => {
  const path = "/uploads/{upload_id}/finalize";
  answer<FinalizeUploadData, FinalizeUploadResponses>("post", path, 202, makeUpload());
  expect(await uploadService.finalize("u1", signal)).toBeUndefined();
  answer<FinalizeUploadData, FinalizeUploadResponses>("post", path, 201, makeAcceptedJob());
  expect(await uploadService.finalize("u1", signal)).toMatchObject({ name: "interview.m4a" });
});

test("a refusal keeps its figures and the time to wait", async () => {
  refuse<InitializeUploadData>("post", "/uploads/", {
    ...{ status: 429, code: "too_many_uploads", detail: "Too many.", open_uploads: 50 },
    retryAfter: 60,
  });
  const announcement = { key: "k", name: "a", sizeBytes: 1, choices: defaultChoices };
  await expect(uploadService.announce(announcement, signal)).rejects.toMatchObject({
    code: "too_many_uploads",
    facts: { open_uploads: 50 },
    retryAfterSeconds: 60,
  });
});

test("a file that is gone is no broken line", async () => {
  const gone = new File(["x"], "a.wav");
  const reading = () => Promise.reject(new DOMException("gone", "NotReadableError"));
  Object.defineProperty(gone, "arrayBuffer", { value: reading });
  await expect(digestChunk(gone)).rejects.toBeInstanceOf(FileUnreadableError);
});

import { screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type {
  CancelUploadData,
  CancelUploadResponses,
  FinalizeUploadData,
  FinalizeUploadResponses,
  ListModelsData,
  ListModelsResponses,
  ListUploadsData,
  ListUploadsResponses,
  ReadJobData,
  ReadJobResponses,
  ReadUploadData,
  ReadUploadResponses,
  SendChunkData,
  SendChunkResponses,
  UploadRead,
} from "@/api/generated";
import { createIdentifier } from "@/lib/identifiers";
import { renderSignedIn } from "@/testing/render-app";
import { makeAcceptedJob, makeJob, makeModel, makeUpload } from "@/testing/samples";
import { answer, disconnect, refuse } from "@/testing/server";
import { uploads } from "./uploads";

const content = "0123456789abcdefghij";
const type = "audio/mp4";
const file = new File([content], "board.m4a", { type });
/** Each test has an upload of its own: what has ended in a visit is not listed again. */
let id = "";
const begun = (change: Partial<UploadRead> = {}) =>
  makeUpload({
    ...{ size_bytes: 20, chunk_bytes: 10, chunk_count: 2, received_bytes: 10 },
    ...{ id, missing: [{ first: 1, last: 1 }] },
    ...change,
  });

function giveUnfinished(...items: UploadRead[]): void {
  answer<ListUploadsData, ListUploadsResponses>("get", "/uploads/", 200, {
    items,
    next_cursor: null,
  });
}

const findRow = async () =>
  within(await screen.findByRole("region", { name: "Unfinished uploads" })).findByRole("listitem");

beforeEach(() => {
  uploads.clear();
  id = createIdentifier();
  answer<ListModelsData, ListModelsResponses>("get", "/models", 200, { items: [makeModel()] });
});

test("an upload of another browser is listed, and goes on with the same file", async () => {
  giveUnfinished(begun());
  answer<ReadUploadData, ReadUploadResponses>("get", "/uploads/{upload_id}", 200, begun());
  const chunks: string[] = [];
  answer<SendChunkData, SendChunkResponses>(
    "put",
    "/uploads/{upload_id}/chunks/{number}",
    200,
    async (request) => {
      chunks.push(await request.text());
      return { upload_id: begun().id, number: 0, size_bytes: 10, sha256: "" };
    },
  );
  answer<FinalizeUploadData, FinalizeUploadResponses>(
    "post",
    "/uploads/{upload_id}/finalize",
    201,
    makeAcceptedJob({ name: "board.m4a" }),
  );
  answer<ReadJobData, ReadJobResponses>(
    "get",
    "/jobs/{job_id}",
    200,
    makeJob({ name: "board.m4a" }),
  );
  const { user } = renderSignedIn("/transcribe");
  expect(await findRow()).toHaveTextContent(/10 bytes of 20 bytes received · kept until Nov 23/);
  await user.upload(screen.getByTestId("file-of-board.m4a"), file);
  expect(await screen.findByRole("link", { name: "Read board.m4a" })).toBeVisible();
  // The first one proves that it is the same file.
  expect(chunks).toEqual([content.slice(0, 10), content.slice(10)]);
});

test("another file is told in one sentence", async () => {
  giveUnfinished(begun());
  const { user } = renderSignedIn("/transcribe");
  await findRow();
  await user.upload(
    screen.getByTestId("file-of-board.m4a"),
    new File(["x"], "board.m4a", { type }),
  );
  expect(await screen.findByText(/another file: it has 1 byte.*begun 20 bytes/)).toBeVisible();
});

test("an upload is discarded after a question", async () => {
  giveUnfinished(begun());
  answer<CancelUploadData, CancelUploadResponses>("delete", "/uploads/{upload_id}", 204, undefined);
  const { user } = renderSignedIn("/transcribe");
  await findRow();
  await user.click(screen.getByRole("button", { name: "Discard board.m4a" }));
  const dialog = await screen.findByRole("dialog", { name: "Stop sending?" });
  await user.click(within(dialog).getByRole("button", { name: "Discard" }));
  await waitFor(() => {
    expect(screen.queryByText("board.m4a")).not.toBeInTheDocument();
  });
});

test("when the list cannot be asked for, that is said, and files can still be sent", async () => {
  disconnect<ListUploadsData>("get", "/uploads/");
  renderSignedIn("/transcribe");
  expect(
    await screen.findByText(/not known whether other uploads/, undefined, { timeout: 20_000 }),
  ).toBeVisible();
  expect(screen.getByRole("button", { name: "Choose files" })).toBeEnabled();
});

test("an upload that the service refuses stays with its reason", async () => {
  giveUnfinished(begun());
  refuse<ReadUploadData>("get", "/uploads/{upload_id}", {
    ...{ status: 410, code: "upload_expired", detail: "It expired." },
  });
  const { user } = renderSignedIn("/transcribe");
  await findRow();
  await user.upload(screen.getByTestId("file-of-board.m4a"), file);
  expect(await screen.findByText(/the service removed what it had/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Send board.m4a from the beginning" }));
  // Its options were another browser's: they are chosen here before it is sent from its beginning.
  expect(await screen.findByText("Ready, 20 bytes")).toBeVisible();
});

import { useSyncExternalStore } from "react";
import { sendRecording } from "./send-recording";
import { type UploadItem, UploadQueue } from "./upload-queue";

/** The uploads of this page load. */
export const uploads = new UploadQueue(sendRecording);

export function useUploads(): readonly UploadItem[] {
  return useSyncExternalStore(uploads.subscribe, uploads.read);
}

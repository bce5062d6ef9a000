import { useSyncExternalStore } from "react";
import { ItemList } from "./item-list";
import { Custody } from "./keeping/custody";
import { KeptUploads } from "./keeping/kept-uploads";
import { TabLocks } from "./keeping/tab-locks";
import { systemClock } from "./sending/clock";
import { Patience } from "./sending/patience";
import { TransferSlots } from "./sending/transfer-slots";
import { uploadService } from "./sending/upload-service";
import { UnfinishedUploads } from "./unfinished-uploads";
import type { UploadItem } from "./upload-item";
import { UploadQueue } from "./upload-queue";

/** Browsers open six connections to a service over HTTP/1.1; one is the jobs' stream, one is spare. */
const TRANSFERS_AT_ONCE = 4;

const items = new ItemList();
const custody = new Custody(new KeptUploads(), new TabLocks());
const slots = new TransferSlots(TRANSFERS_AT_ONCE);

export const patience = new Patience(systemClock);

/** The uploads of this page load. */
export const uploads = new UploadQueue(
  items,
  custody,
  { service: uploadService, patience, slots },
  systemClock,
);

export const unfinished = new UnfinishedUploads(items, uploads, custody);

export function useUploads(): readonly UploadItem[] {
  return useSyncExternalStore(items.subscribe, items.read);
}

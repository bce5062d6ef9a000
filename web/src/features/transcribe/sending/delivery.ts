import type { JobAccepted, UploadRead } from "@/api/generated";
import { defaultChoices } from "@/components/jobs/job-choices";
import type { UploadItem } from "../upload-item";
import type { Clock } from "./clock";
import { FileNeededError, requireReadable } from "./reading";
import { type Means, sendInChunks } from "./send-in-chunks";
import { SpeedMeter } from "./speed";

/** Up to here a file goes in one request: sending it again costs no more than a chunk does. */
export const DIRECT_MAX_BYTES = 8 * 1024 ** 2;
const REPORT_MS = 200;

export interface DeliveryHooks {
  signal: AbortSignal;
  onChange: (change: Partial<UploadItem>) => void;
  onUpload: (upload: UploadRead) => void;
}

/** Sends one file, in one request or in chunks, and tells how it goes. */
export async function deliver(
  item: UploadItem,
  means: Means,
  clock: Clock,
  { signal, onChange, onUpload }: DeliveryHooks,
): Promise<JobAccepted> {
  const meter = new SpeedMeter(clock.now(), item.keptBytes);
  let reportedAt = Number.NEGATIVE_INFINITY;
  let reportedKept = item.keptBytes;
  const onProgress = (sentBytes: number, keptBytes: number) => {
    const now = clock.now();
    const bytesPerSecond = meter.note(now, sentBytes);
    const isNews = keptBytes !== reportedKept || sentBytes >= item.sizeBytes;
    if (now - reportedAt < REPORT_MS && !isNews) return;
    reportedAt = now;
    reportedKept = keptBytes;
    onChange({ sentBytes, keptBytes, bytesPerSecond, hindrance: undefined });
  };
  const onHindrance = (hindrance: unknown) => {
    onChange({ hindrance, bytesPerSecond: 0 });
  };
  if (item.uploadId === undefined && item.sizeBytes <= DIRECT_MAX_BYTES) {
    return sendWhole(item, means, { signal, onHindrance, onProgress });
  }
  const { id: key, choices = defaultChoices, uploadId, file, mustProve = false } = item;
  return sendInChunks({ ...item, key, choices, uploadId, file, mustProve }, means, {
    signal,
    onUpload,
    onProgress,
    onHindrance,
    onFinishing: () => {
      onChange({ state: "finishing", sentBytes: item.sizeBytes, bytesPerSecond: 0 });
    },
  });
}

interface WholeHooks {
  signal: AbortSignal;
  onHindrance: (error: unknown) => void;
  onProgress: (sentBytes: number, keptBytes: number) => void;
}

async function sendWhole(
  { id, file, choices = defaultChoices }: UploadItem,
  { service, patience, slots }: Means,
  { onProgress, ...course }: WholeHooks,
): Promise<JobAccepted> {
  if (!file) throw new FileNeededError("There is no file to send.");
  return slots.use(
    () =>
      patience.persist(async (signal, touch) => {
        await requireReadable(file);
        // The request is a little longer than the file: the form around it counts too.
        const onSent = (sentBytes: number) => {
          touch();
          onProgress(Math.min(sentBytes, file.size), 0);
        };
        return service.sendWhole({ key: id, file, choices }, onSent, signal);
      }, course),
    course.signal,
  );
}

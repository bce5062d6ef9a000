import { vi } from "vitest";
import type { OpenTranscript } from "@/features/transcript/open-transcript";
import { JOB_ID } from "./samples";

/** A transcript on the screen, whose newest revision is read unless said otherwise. */
export function openTranscript({
  newest = 0,
  revision = newest,
}: Partial<Pick<OpenTranscript, "newest" | "revision">> = {}) {
  return {
    jobId: JOB_ID,
    name: "interview.m4a",
    language: "en",
    newest,
    revision,
    isReadOnly: revision < newest,
    flush: vi.fn<OpenTranscript["flush"]>().mockResolvedValue(newest),
    reload: vi.fn<OpenTranscript["reload"]>().mockResolvedValue(),
    reveal: vi.fn<OpenTranscript["reveal"]>(),
  };
}

import { useEffect, useState } from "react";
import { type JobDeletedEvent, type JobStateEvent, streamAnyJob } from "@/api/generated";

const MAX_ATTEMPTS = 4;
const FIRST_RETRY_MS = 1_000;

export type KeptEvent = JobStateEvent | JobDeletedEvent;

/** `opening` until the first word; `broken` while a lost line is tried again; `failed` after that. */
type LineState = "opening" | "live" | "broken" | "ended" | "failed";

interface Story {
  events: readonly KeptEvent[];
  line: LineState;
}

const beginning: Story = { events: [], line: "opening" };

/** All that happened to a job, from its first event on, and what still happens. */
export function useJobEvents(jobId: string): Story & { restart: () => void } {
  const [story, setStory] = useState(beginning);
  const [run, setRun] = useState(0);
  useEffect(() => {
    const leave = new AbortController();
    void follow(jobId, leave.signal, (change) => {
      if (!leave.signal.aborted) setStory(change);
    });
    return () => {
      leave.abort();
    };
  }, [jobId, run]);
  return {
    ...story,
    restart: () => {
      setStory(beginning);
      setRun(run + 1);
    },
  };
}

async function follow(
  jobId: string,
  signal: AbortSignal,
  tell: (change: (story: Story) => Story) => void,
): Promise<void> {
  let isBroken = false;
  const { stream } = await streamAnyJob({
    path: { job_id: jobId },
    // The stream begins behind this event: with the first one.
    query: { last_event_id: "0" },
    signal,
    sseDefaultRetryDelay: FIRST_RETRY_MS,
    sseMaxRetryAttempts: MAX_ATTEMPTS,
    onSseError: () => {
      isBroken = true;
      tell((story) => ({ ...story, line: "broken" }));
    },
  });
  for await (const event of stream) {
    // The answer "nothing more" counts as one of the stream's types.
    if (!event) continue;
    isBroken = false;
    tell((story) => {
      if (event.type === "reset") return { events: [], line: "live" };
      if (event.type !== "state" && event.type !== "deleted") return { ...story, line: "live" };
      const isKnown = story.events.some(({ id }) => id === event.id);
      return { events: isKnown ? story.events : [...story.events, event], line: "live" };
    });
  }
  tell((story) => ({ ...story, line: isBroken ? "failed" : "ended" }));
}

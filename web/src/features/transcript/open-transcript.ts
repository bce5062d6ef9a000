/** A transcript that is open on the screen, as the tools beside the text see it. */
export interface OpenTranscript {
  jobId: string;
  /** Of its recording. */
  name: string;
  /** What the text is written in, as browsers call it. */
  language: string;
  /** The newest revision that this browser knows of. */
  newest: number;
  /** The revision that is shown. */
  revision: number;
  /** Whether a certain revision was asked for, which nobody can change. */
  isReadOnly: boolean;
  /** Saves what was typed; gives the newest revision then. Fails when it cannot be saved. */
  flush: () => Promise<number>;
  /** Shows a revision that was not made by the editor. */
  reload: (revision: number) => Promise<void>;
  /** Brings a segment into view. */
  reveal: (segment: { index: number }) => void;
}

/** The revision that is shown, with all that was typed. */
export async function settleRevision(transcript: OpenTranscript): Promise<number> {
  return transcript.isReadOnly ? transcript.revision : transcript.flush();
}

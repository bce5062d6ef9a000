import type {
  AccountRead,
  InvitationRead,
  JobAccepted,
  JobRead,
  KeyRead,
  ModelRead,
  OwnAccountResponse,
  RecordingRead,
  SegmentRead,
  SessionRead,
  TranscriptRead,
  WordRead,
  UploadRead,
} from "@/api/generated";

export const JOB_ID = "0123456789abcdef0123456789abcdef";

const RECORDING_ID = "fedcba9876543210fedcba9876543210";

export const ada: OwnAccountResponse = {
  user_id: "u1",
  name: "ada",
  role: "admin",
  is_traced: false,
};

/** The answer to a submission of bytes that were not sent before. */
export function makeAcceptedJob(change: Partial<JobAccepted> = {}): JobAccepted {
  return { ...makeJob(), duplicate_of: null, ...change };
}

export function makeJob(change: Partial<JobRead> = {}): JobRead {
  return {
    id: JOB_ID,
    recording_id: RECORDING_ID,
    name: "interview.m4a",
    state: "completed",
    phase: "transcribing",
    progress: 1,
    done_seconds: 44,
    total_seconds: 44,
    eta_seconds: null,
    queue_position: null,
    model: "base",
    task: "transcribe",
    options: {},
    language: "en",
    language_probability: 0.98,
    duration_seconds: 44,
    size_bytes: 1_400_000,
    has_audio: true,
    has_transcript: true,
    tags: [],
    generation: 1,
    attempt: 1,
    cancel_requested: false,
    waiting_code: null,
    waiting_reason: null,
    error: null,
    warnings: [],
    created_at: "2026-11-22T10:00:00Z",
    started_at: "2026-11-22T10:00:01Z",
    finished_at: "2026-11-22T10:00:09Z",
    updated_at: "2026-11-22T10:00:09Z",
    ...change,
  };
}

export function makeModel(change: Partial<ModelRead> = {}): ModelRead {
  return {
    name: "base",
    kind: "checkpoint",
    size_bytes: 145_000_000,
    is_multilingual: true,
    is_default: true,
    languages: ["en", "de", "fr"],
    problem: null,
    ...change,
  };
}

export function makeSegment(change: Partial<SegmentRead> = {}): SegmentRead {
  return {
    index: 0,
    start: 0,
    end: 4,
    text: "It was the best of times.",
    avg_logprob: -0.2,
    no_speech_prob: 0.01,
    compression_ratio: 1.2,
    temperature: 0,
    words: [],
    speaker: null,
    ...change,
  };
}

/** A segment whose words share its time evenly, as the machine timed them. */
export function makeSpoken(text: string, start: number, end: number, index = 0): SegmentRead {
  const spoken = text.split(" ");
  const step = (end - start) / spoken.length;
  const words = spoken.map((word, place): WordRead => {
    const begin = start + place * step;
    return { word: ` ${word}`, start: begin, end: begin + step, probability: 0.9 };
  });
  return makeSegment({ index, start, end, text, words });
}

export function makeRecording(change: Partial<RecordingRead> = {}): RecordingRead {
  return {
    id: RECORDING_ID,
    name: "interview.m4a",
    size_bytes: 1_400_000,
    sha256: "5".repeat(64),
    container: "mov,mp4,m4a,3gp,3g2,mj2",
    codec: "aac",
    media_type: "audio/mp4",
    duration_seconds: 44,
    has_audio: true,
    has_peaks: false,
    has_video: false,
    created_at: "2026-11-22T10:00:00Z",
    ...change,
  };
}

export function makeTranscript(change: Partial<TranscriptRead> = {}): TranscriptRead {
  const segments = change.segments ?? [makeSegment()];
  return {
    job_id: JOB_ID,
    name: "interview.m4a",
    language: "en",
    language_probability: 0.98,
    duration_seconds: 44,
    model: "base",
    task: "transcribe",
    segment_count: segments.length,
    revision: 0,
    created_at: "2026-11-22T10:00:09Z",
    dropped: [],
    ...change,
    segments,
  };
}

/** An upload of which nothing has arrived. */
export function makeUpload(change: Partial<UploadRead> = {}): UploadRead {
  return {
    id: "5".repeat(32),
    name: "board.m4a",
    protocol: "chunks",
    state: "receiving",
    size_bytes: 20_000_000,
    sha256: null,
    chunk_bytes: 8_388_608,
    chunk_count: 3,
    received_bytes: 0,
    missing: [{ first: 0, last: 2 }],
    error: null,
    job_id: null,
    created_at: "2026-11-22T10:00:00Z",
    updated_at: "2026-11-22T10:00:00Z",
    expires_at: "2026-11-23T10:00:00Z",
    ...change,
  };
}

export function makeSession(change: Partial<SessionRead> = {}): SessionRead {
  return {
    id: "1".repeat(32),
    kind: "cookie",
    device: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    address: "192.0.2.7",
    created_at: "2026-11-20T10:00:00Z",
    last_used_at: "2026-11-21T10:00:00Z",
    expires_at: "2096-12-04T10:00:00Z",
    is_current: false,
    ...change,
  };
}

export function makeKey(change: Partial<KeyRead> = {}): KeyRead {
  const id = change.id ?? "2".repeat(32);
  return {
    id,
    name: "nightly import",
    prefix: `wt_${id}`,
    scopes: ["read"],
    created_at: "2026-11-20T10:00:00Z",
    last_used_at: null,
    expires_at: "2099-01-01T10:00:00Z",
    ...change,
  };
}

export function makeAccount(change: Partial<AccountRead> = {}): AccountRead {
  return {
    user_id: "3".repeat(32),
    name: "bob",
    role: "user",
    is_active: true,
    created_at: "2026-11-20T10:00:00Z",
    last_used_at: null,
    ...change,
  };
}

export function makeInvitation(change: Partial<InvitationRead> = {}): InvitationRead {
  return {
    id: "4".repeat(32),
    role: "user",
    note: "for Bob",
    state: "open",
    created_by: ada.user_id,
    created_at: "2026-11-20T10:00:00Z",
    expires_at: "2096-11-27T10:00:00Z",
    used_at: null,
    used_by: null,
    revoked_at: null,
    ...change,
  };
}

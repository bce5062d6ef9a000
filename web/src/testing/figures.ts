import type { AdminJobRead, JobStats, PerformanceRead, SystemHealth } from "@/api/generated";
import { makeJob } from "./samples";

/** Answers of the operator's routes; each figure follows from `seed`, so that two seeds differ. */

const moment = "2026-11-26T10:00:00Z";

export function makeAnyJob(change: Partial<AdminJobRead> = {}): AdminJobRead {
  return { ...makeJob(), user_id: "3".repeat(32), priority: 0, ...change };
}

export function makeStats(seed: number, change: Partial<JobStats> = {}): JobStats {
  const ended = {
    ended: seed + 9,
    completed: seed + 4,
    failed: seed + 1,
    cancelled: 3 - seed,
    quarantined: 1,
    audio_seconds: 3_600 * seed,
    speech_seconds: 1_800 * seed,
  };
  const spread = { average: seed, median: seed + 1, p95: seed + 2, longest: seed + 3 };
  return {
    since: "2026-11-25T10:00:00Z",
    until: moment,
    measured_at: moment,
    step: "hour",
    states: {
      queued: seed,
      running: seed + 1,
      completed: seed + 20,
      failed: seed + 30,
      cancelled: seed + 40,
      quarantined: seed + 50,
    },
    submitted: seed + 60,
    ended,
    models: [{ ...ended, model: `model-${seed}` }],
    owners: [{ ...ended, user_id: "3".repeat(32), name: `owner-${seed}` }],
    other_owners: { ...ended, owners: 0 },
    failures: [{ code: `code-${seed}`, jobs: seed }],
    durations: { jobs: seed, wait: spread, run: spread, total: spread },
    real_time_factors: [{ model: "base", device: "cpu", jobs: seed, median: seed, p95: seed + 1 }],
    throughput: [{ ...ended, starts_at: moment, submitted: seed }],
    queue: {
      queued_jobs: seed,
      oldest_wait_seconds: seed,
      waiting_for: [],
      queued_spans: seed,
      running_spans: seed,
      outbox_tokens: seed,
      outbox_lag_seconds: seed,
    },
    broker: { answers: true, tokens: seed, detail: null },
    workers: { live: seed, busy: seed, idle: 0, draining: 0 },
    disagreements: [],
    ...change,
  };
}

export function makeSystem(seed: number, change: Partial<SystemHealth> = {}): SystemHealth {
  return {
    checked_at: moment,
    problems: [],
    service: {
      version: `1.${seed}`,
      python: "3.13",
      environment: "production",
      host: "one",
      pid: seed,
      started_at: moment,
      uptime_seconds: 100 * seed,
      is_draining: false,
    },
    database: {
      problem: null,
      kind: "postgresql",
      version: "17",
      latency_seconds: seed / 1000,
      revision: "0022",
      expected_revision: "0022",
      size_bytes: 1_000 * seed,
    },
    broker: { problem: null, kind: "redis", latency_seconds: seed / 1000, tokens: seed },
    storage: {
      problem: null,
      kind: "local",
      disks: [
        {
          places: ["data"],
          total_bytes: 10_000_000,
          free_bytes: 1_000_000 * seed,
          low_water_bytes: 1_000,
          is_low: false,
        },
      ],
      stored: {
        recordings: seed,
        recordings_bytes: seed,
        open_uploads: seed,
        uploads_reserved_bytes: seed,
        uploads_received_bytes: seed,
        transcripts: seed,
        transcripts_bytes: null,
        accounts: [],
      },
      collection: null,
    },
    validation: null,
    workers_problem: null,
    workers: [
      {
        id: `w${seed}`,
        state: "ready",
        host: `host-${seed}`,
        pid: 40 + seed,
        started_at: moment,
        seen_at: moment,
        silent_seconds: seed,
        not_ready_reason: null,
        span: null,
        model: "base",
        device: "cpu",
        resident_bytes: 1_000_000 * seed,
        memory_free_bytes: null,
        memory_total_bytes: null,
        reconciled_at: null,
        drain: null,
        validation_id: null,
        validated_at: null,
        refused_models: {},
      },
    ],
    models_problem: null,
    models: [
      {
        name: `model-${seed}`,
        kind: "checkpoint",
        state: "valid",
        is_default: true,
        is_present: true,
        is_readable: true,
        size_bytes: 1_000 * seed,
        sha256: null,
        checksum: "unknown",
        is_converted: true,
        languages: 99,
        warning: null,
        problem: null,
        loaded_by: [],
        examined_at: null,
        refused_by: [],
      },
    ],
    ...change,
  };
}

export function makePerformance(seed: number): PerformanceRead {
  const mark = { seconds: seed, at_least: 0, at_most: null };
  const latency = {
    count: 10 * seed,
    errors: seed,
    error_rate: seed / 100,
    average_seconds: seed,
    p50: mark,
    p90: mark,
    p95: mark,
    p99: mark,
  };
  return {
    measured_at: moment,
    delay_seconds: 5,
    windows: [1, 5, 15, 60].map((minutes) => ({
      minutes,
      processes: seed,
      requests: { ...latency, refused: seed },
      routes: [{ ...latency, refused: seed, method: "GET", route: `/route-${seed}` }],
      stages: [{ ...latency, stage: "decode", stopped: 0 }],
    })),
    over_time: [
      {
        starts_at: moment,
        requests: 10 * seed,
        errors: seed,
        p50_seconds: seed,
        p95_seconds: seed,
        spans: seed,
        span_p50_seconds: seed,
        span_p95_seconds: seed,
      },
    ],
  };
}

// Users who upload a recording in chunks, submit it, and ask for its state until it is transcribed.
//
//   k6 run -e TOKEN=... -e RECORDING=/path/talk.wav [-e HOST=http://127.0.0.1:8000] \
//          [-e USERS=8] [-e SECONDS=90] [-e POLL_SECONDS=1] perf/k6/upload-submit-poll.js
//
// The same scenario as benchmarks/user_load.py.  Where that has captured a baseline, its figures and
// tolerances are the thresholds; without one the run only measures.

import { check, fail, sleep } from "k6";
import http from "k6/http";
import { Trend } from "k6/metrics";

const HOST = __ENV.HOST || "http://127.0.0.1:8000";
const POLL_SECONDS = Number(__ENV.POLL_SECONDS || 1);
const ENDS = ["completed", "failed", "cancelled", "quarantined"];

const recording = open(__ENV.RECORDING, "b");
const transcriptSeconds = new Trend("transcript_seconds");

export const options = {
  scenarios: {
    users: {
      executor: "constant-vus",
      vus: Number(__ENV.USERS || 8),
      duration: `${Number(__ENV.SECONDS || 90)}s`,
      gracefulStop: "120s",
    },
  },
  thresholds: { checks: ["rate==1"], ...readThresholds() },
};

function readBaseline() {
  try {
    return JSON.parse(open("../../benchmarks/results/user-load.json"));
  } catch {
    return null;
  }
}

function readThresholds() {
  const baseline = readBaseline();
  if (baseline === null) return {};
  const { factor, milliseconds } = baseline.tolerances;
  return Object.fromEntries(
    Object.entries(baseline.steps_ms).map(([step, row]) => [
      `http_req_duration{step:${step}}`,
      [`p(50)<${row.p50 * factor + milliseconds}`, `p(95)<${row.p95 * factor + milliseconds}`],
    ]),
  );
}

function send(step, method, path, body = null, type = "application/json") {
  const answer = http.request(method, `${HOST}${path}`, body, {
    headers: { Authorization: `Bearer ${__ENV.TOKEN}`, "Content-Type": type },
    // Addresses have ids in them: without a name each would be a series of its own.
    tags: { step, name: step },
    timeout: "60s",
  });
  if (!check(answer, { [step]: ({ status }) => status >= 200 && status < 300 })) {
    fail(`${step}: ${answer.status} ${String(answer.body).slice(0, 200)}`);
  }
  return answer.json();
}

function upload() {
  const size = recording.byteLength;
  const wish = { name: "talk.wav", size_bytes: size, options: { language: "en" } };
  const begun = send("upload", "POST", "/uploads/", JSON.stringify(wish));
  for (let number = 0; number < begun.chunk_count; number += 1) {
    const from = number * begun.chunk_bytes;
    const chunk = recording.slice(from, from + begun.chunk_bytes);
    const path = `/uploads/${begun.id}/chunks/${number}`;
    send("chunk", "PUT", path, chunk, "application/octet-stream");
  }
  return begun.id;
}

function submit(uploadId) {
  for (;;) {
    const made = send("submit", "POST", `/uploads/${uploadId}/finalize`);
    // The job itself, or, while a long verification goes on, the upload.
    if (made.job_id) return made.job_id;
    if (made.id !== uploadId) return made.id;
    sleep(POLL_SECONDS);
  }
}

function awaitEnd(jobId) {
  for (;;) {
    const job = send("poll", "GET", `/jobs/${jobId}`);
    if (ENDS.includes(job.state)) return job.state;
    sleep(POLL_SECONDS);
  }
}

export default function uploadSubmitPoll() {
  const uploadId = upload();
  const sent = Date.now();
  const jobId = submit(uploadId);
  const state = awaitEnd(jobId);
  if (!check(state, { completed: (each) => each === "completed" })) return;
  send("read", "GET", `/transcripts/${jobId}`);
  transcriptSeconds.add((Date.now() - sent) / 1000);
}

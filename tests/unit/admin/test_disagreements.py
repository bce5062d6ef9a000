"""What the database, the broker and the workers say is compared, and a passing moment is none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from transcriber.admin.statistics.disagreements import Views, find_disagreements
from transcriber.admin.statistics.queue import Holding, QueueView
from transcriber.infra.heartbeats import WorkerHeartbeat

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
QUEUE = QueueView(0, None, {}, 0, 0, 0, None)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def hold(worker_id: str | None, *, since: float = 20, until: float = 20, job: str = "j") -> Holding:
    return Holding(job, 0, worker_id, NOW - seconds(since), NOW + seconds(until))


def live(worker_id: str, job: str | None = None, **choices: object) -> WorkerHeartbeat:
    row = {
        "seen_at": NOW - seconds(5),
        "job_id": job,
        "span_index": None if job is None else 0,
        "resident_bytes": 1,
        "is_draining": False,
        "not_ready_reason": None,
    }
    return WorkerHeartbeat(id=worker_id, **{**row, **choices})


def compare(
    holdings: list[Holding] | None = None,
    workers: list[WorkerHeartbeat] | None = None,
    queue: QueueView = QUEUE,
    **jobs: list[str],
) -> list[tuple[str, int, str | None, str | None]]:
    views = Views(
        now=NOW,
        round_seconds=10,
        queue=queue,
        holdings=holdings or [],
        workers=workers or [],
        jobs_without_span=jobs.get("without_span", []),
        idle_jobs_with_span=jobs.get("idle", []),
        untaken_jobs=jobs.get("untaken", []),
    )
    return [(d.kind, d.count, d.job_id, d.worker_id) for d in find_disagreements(views)]


def test_a_worker_at_its_span_is_no_disagreement() -> None:
    assert compare([hold("w")], [live("w", "j")]) == []
    assert compare([], [live("w")]) == []


def test_a_lease_that_ran_out_is_told_when_the_reconciler_had_its_chance() -> None:
    workers = [live("w", "j")]
    assert compare([hold("w", until=-15)], workers) == []
    assert compare([hold("w", until=-25)], workers) == [("lease_expired", 1, "j", "w")]


def test_a_lease_of_a_worker_that_is_gone() -> None:
    found = compare([hold("gone"), hold("lost", job="k")])
    assert found == [("lease_without_worker", 2, "j", "gone")]


def test_a_worker_that_says_otherwise_than_its_lease() -> None:
    unknown = [("lease_unknown_to_worker", 1, "j", "w")]
    assert compare([hold("w")], [live("w")]) == unknown
    assert compare([hold("w")], [live("w", "another")]) == unknown
    # It took the span after its heartbeat, or shortly before it.
    assert compare([hold("w", since=4)], [live("w")]) == []
    assert compare([hold("w", since=6)], [live("w")]) == []
    # It is of an older version, and says nothing.
    assert compare([hold("w")], [live("w", resident_bytes=None)]) == []


def test_two_workers_at_one_span() -> None:
    workers = [live("w", "j"), live("slow", "j")]
    assert compare([hold("w")], workers) == [("worker_without_lease", 1, "j", "slow")]
    # The other one has it since after the heartbeat.
    assert compare([hold("w", since=3)], [live("slow", "j"), live("w", "j")]) == []


def test_jobs_and_spans_that_do_not_fit_together() -> None:
    assert compare(without_span=["a", "b"]) == [("job_without_span", 2, "a", None)]
    assert compare(idle=["c"]) == [("span_of_idle_job", 1, "c", None)]


@pytest.mark.parametrize(
    "worker", [live("w", "j"), live("w", is_draining=True), live("w", not_ready_reason="no model")]
)
def test_tokens_and_jobs_wait_for_idle_workers_only(worker: WorkerHeartbeat) -> None:
    queue = replace(QUEUE, outbox_tokens=3, oldest_token_at=NOW - seconds(60))
    assert compare([], [worker], queue, untaken=["a"]) == []
    assert compare([], [worker, live("idle")], queue, untaken=["a"]) == [
        ("tokens_not_published", 3, None, None),
        ("work_not_taken", 1, "a", None),
    ]


def test_a_young_token_is_no_disagreement() -> None:
    queue = replace(QUEUE, outbox_tokens=3, oldest_token_at=NOW - seconds(20))
    assert compare([], [live("idle")], queue) == []

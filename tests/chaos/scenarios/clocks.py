"""Workers whose clocks are an hour off, and jump: only the database's time counts."""

import time
from pathlib import Path

from chaos.rows import to_epoch
from chaos.scenarios.stage import Material, Servers, Stage, open_stage
from chaos.scene import Pace

LIBRARY = "faketime/libfaketimeMT.so.1"
AHEAD, BEHIND = "+3600", "-3600"
SETTLE_SECONDS = 600.0
LEEWAY_SECONDS = 1.0
"""Events are dated by the database, whose clock is ours; rounding and scheduling remain."""


def shift_clocks(material: Material, servers: Servers) -> str:
    """Beside a true clock, one worker is an hour ahead and one behind, and they change places."""
    with open_stage(material, servers, workers=1, pace=Pace()) as stage:
        clocks = [stage.material.folder / name for name in ("ahead", "behind")]
        began = time.time()
        for path, offset in zip(clocks, (AHEAD, BEHIND), strict=True):
            path.write_text(offset)
            stage.stack.add_worker(path.name, environment=build_environment(path))
        _wait_for_workers(stage, 3)
        for number, each in enumerate([material.find(is_long=True)] * 3 + material.recordings):
            stage.send(f"shifted-{number}", each)
        owners = _watch_until_half(stage)
        # A clock that jumps by two hours in the middle of a span.
        clocks[0].write_text(BEHIND)
        clocks[1].write_text(AHEAD)
        stage.settle(SETTLE_SECONDS)
        stage.judge()
        _check_claims(stage)
        _check_times(stage, began)
        by_worker = ", ".join(f"{count} by {name}" for name, count in sorted(owners.items()))
        return (
            f"{len(stage.client.submissions)} jobs completed once, no span was begun twice;"
            f" seen at work before the clocks jumped: {by_worker}"
        )


def build_environment(offset_file: Path) -> dict[str, str]:
    """The variables that let a process read its clock from `offset_file`."""
    found = sorted(Path("/usr/lib").glob(f"*/{LIBRARY}"))
    assert found, "libfaketime is not installed: run scripts/install_chaos_tools.sh."
    return {
        "LD_PRELOAD": str(found[0]),
        "FAKETIME_TIMESTAMP_FILE": str(offset_file),
        "FAKETIME_NO_CACHE": "1",
        # As on a machine whose clock is set: the monotonic one goes on evenly.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def _wait_for_workers(stage: Stage, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(stage.rows.find_worker_pids()) < count:
        assert time.monotonic() < deadline, "Not every worker showed itself."
        time.sleep(0.2)


def _watch_until_half(stage: Stage) -> dict[str, int]:
    """Wait until half of the spans are done and the shifted workers are at work."""
    names = {
        kept.process.pid: kept.name for kept in stage.stack.workers if kept.process is not None
    }
    seen: dict[str, set[object]] = {}
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        pids = stage.rows.find_worker_pids()
        spans = stage.rows.list_spans()
        for span in spans:
            if span.state == "running" and span.owner in pids:
                name = names.get(pids[span.owner], "the true clock")
                seen.setdefault(name, set()).add(span.key)
        done = sum(span.state == "done" for span in spans)
        if done * 2 >= len(spans) and set(names.values()) <= set(seen):
            return {name: len(keys) for name, keys in seen.items()}
        time.sleep(0.1)
    raise AssertionError(f"Only {sorted(seen)} worked.")


def _check_claims(stage: Stage) -> None:
    spans = stage.rows.list_spans()
    again = [span.key for span in spans if span.attempt != 1 or span.deaths]
    assert not again, f"{again} were taken from workers that lived."


def _check_times(stage: Stage, began: float) -> None:
    """Every time the service wrote lies in the run, and those of a job are in order."""
    ended = time.time()
    rows = stage.rows.query("SELECT job_id, created_at FROM job_events ORDER BY id")
    rows += stage.rows.query("SELECT job_id, started_at FROM spans")
    rows += stage.rows.query("SELECT id, finished_at FROM jobs")
    rows += stage.rows.query("SELECT host, seen_at FROM worker_heartbeats")
    for name, value in rows:
        at = to_epoch(value)
        assert at is not None, f"{name} has no time."
        is_within = began - LEEWAY_SECONDS <= at <= ended + LEEWAY_SECONDS
        assert is_within, f"{name} has a time {at - began:.0f} s after the run began."
    last: dict[str, float] = {}
    for job_id, value in stage.rows.query("SELECT job_id, created_at FROM job_events ORDER BY id"):
        at = to_epoch(value) or 0.0
        assert at >= last.get(job_id, 0.0), f"The events of {job_id} are not in order."
        last[job_id] = at

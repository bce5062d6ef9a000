"""Others misbehave while a worker dies: recovery, completion and texts are those of a quiet day."""

import os
import signal
import time

from chaos.others import SETTINGS, misbehave
from chaos.rows import Span
from chaos.scenarios.stage import QUICK, Material, Servers, Stage, open_stage

SENDER = "user0"
SEARCH_SECONDS = 120.0
RECOVERY_SECONDS = QUICK.lease + QUICK.reconcile + 5
SETTLE_SECONDS = 600.0


def suffer_others(material: Material, servers: Servers) -> str:
    """Kill a worker among misbehaving others; its span must be taken back as fast as ever."""
    with open_stage(material, servers, workers=3, prepare=lambda _data, _ending: SETTINGS) as stage:
        recording = stage.stack.folder / "others.wav"
        recording.write_bytes(material.find(is_long=True).content)
        headers = stage.client.build_headers(SENDER)
        with misbehave(stage.stack.address, headers, stage.stack.database_url, recording) as others:
            for number, each in enumerate([material.find(is_long=True)] * 3 + material.recordings):
                stage.send(f"beside-{number}", each, SENDER if number % 2 else "user1")
            span, pid = _find_holder(stage, others.stopped_pid)
            fault = stage.note("worker killed")
            os.kill(pid, signal.SIGKILL)
            recovery = _wait_for_return(stage, span)
            fault.until = time.time()
            seconds = stage.settle(SETTLE_SECONDS)
        stage.client.ask("DELETE", f"/jobs/{others.job_id}", SENDER, expected={204})
        stage.judge()
        assert recovery <= RECOVERY_SECONDS, f"The span was held for {recovery:.1f} s."
        return (
            f"a killed worker's span was taken back after {recovery:.1f} s"
            f" (at most {RECOVERY_SECONDS:.0f} s);"
            f" {len(stage.client.submissions)} jobs completed, the last {seconds:.0f} s later"
        )


def _find_holder(stage: Stage, stopped_pid: int) -> tuple[Span, int]:
    deadline = time.monotonic() + SEARCH_SECONDS
    while time.monotonic() < deadline:
        pids = stage.rows.find_worker_pids()
        for span in stage.rows.list_running():
            pid = pids.get(span.owner or "")
            # The plan is over in a moment; what is to be lost is a span of speech.
            if pid not in {None, stopped_pid} and span.key[2] >= 0:
                return span, int(str(pid))
        time.sleep(0.05)
    raise AssertionError(f"No other worker held a span within {SEARCH_SECONDS:.0f} s.")


def _wait_for_return(stage: Stage, lost: Span) -> float:
    """Seconds until others may take the span; how soon one is free is their own affair."""
    started = time.monotonic()
    while time.monotonic() - started < SEARCH_SECONDS:
        for span in stage.rows.list_spans():
            is_back = span.state != "running" or span.attempt > lost.attempt
            if span.key == lost.key and is_back:
                return time.monotonic() - started
        time.sleep(0.05)
    raise AssertionError(f"The lost span was not taken back within {SEARCH_SECONDS:.0f} s.")

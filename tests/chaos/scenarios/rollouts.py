"""A new version goes out under load: every API and every worker is restarted, one after another."""

import itertools
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from chaos.balancer import Balancer
from chaos.client import Submission
from chaos.processes import wait_until
from chaos.scenarios.stage import Material, Stage, open_stage
from chaos.stack import KeptProcess
from transcriber.infra.exit_status import ExitStatus

SENDER = "user0"
# Health checks come every quarter of a second; a proxy's are rarer, and its delay longer.
SETTINGS = {"SHUTDOWN_DELAY_SECONDS": "3"}
DRAIN_SECONDS = 45.0
START_SECONDS = 60.0
SETTLE_SECONDS = 600.0
READS_EACH = 10
PAUSE_SECONDS = 0.2


def restart_one_by_one(material: Material) -> str:
    """Two APIs and three workers are restarted; no request fails, no work dies, nothing is lost."""
    with open_stage(
        material, "servers", workers=3, prepare=lambda _data, _ending: SETTINGS
    ) as stage:
        workers = list(stage.stack.workers)
        second, address = stage.stack.add_api("second")
        apis = {stage.stack.address: stage.stack.serve, address: second}
        headers = stage.client.build_headers(SENDER)
        stopping = threading.Event()
        with closing(Balancer(list(apis), headers)) as balancer, ThreadPoolExecutor(1) as sender:
            wait_until(lambda: all(map(balancer.is_ready, apis)), "both", seconds=START_SECONDS)
            sending = sender.submit(_send, stage, balancer, stopping)
            try:
                for api_address, api in apis.items():
                    _restart(stage, api)
                    wait_until(lambda a=api_address: balancer.is_ready(a), api.name)
                for worker in workers:
                    _restart(stage, worker)
                    wait_until(lambda w=worker: _is_at_work(stage, w), worker.name)
            finally:
                stopping.set()
            sending.result()
        seconds = stage.settle(SETTLE_SECONDS)
        stage.judge()
        assert not balancer.failures, "\n  ".join(balancer.failures)
        dead = [span.key for span in stage.rows.list_spans() if span.deaths]
        assert not dead, f"{dead} were lost with a worker that should have given them back."
        return (
            f"{len(apis)} APIs and {len(workers) + 1} workers were restarted: {balancer.answered}"
            f" requests answered, none failed, the slowest after {balancer.slowest_seconds:.2f} s;"
            f" {len(stage.client.submissions)} jobs completed once, the last {seconds:.0f} s later"
        )


def _send(stage: Stage, balancer: Balancer, stopping: threading.Event) -> None:
    """Submit short recordings, and long ones among them, and read in between."""
    recordings = [*stage.material.recordings]
    for number, recording in enumerate(itertools.cycle(recordings)):
        if stopping.is_set():
            return
        key = f"rolling-{number}"
        answer = balancer.ask(
            "POST",
            "/jobs/",
            expected=201,
            files={"file": (recording.name, recording.content)},
            data={"beam_size": "1", "language": "en"},
            headers={"Idempotency-Key": key},
        )
        if answer is not None:
            stage.client.keep(
                Submission(
                    job_id=answer.json()["id"],
                    account=SENDER,
                    key=key,
                    recording=recording,
                    acknowledged_at=time.time(),
                )
            )
        for _ in range(READS_EACH):
            balancer.ask("GET", "/jobs/", expected=200)
            stopping.wait(PAUSE_SECONDS)


def _restart(stage: Stage, kept: KeptProcess) -> None:
    """Ask a process to stop, as an init system does, and see it end in time; it is started again.

    Raises:
        AssertionError: it took too long, or ended with another status.
    """
    process = kept.process
    assert process is not None
    fault = stage.note(f"{kept.name} restarted")
    os.kill(process.pid, signal.SIGTERM)
    status = process.wait(DRAIN_SECONDS)
    assert status == ExitStatus.DONE, f"{kept.name} ended with {status}."
    wait_until(
        lambda: kept.process is not process and kept.ended_at is None,
        kept.name,
        seconds=START_SECONDS,
    )
    fault.until = time.time()


def _is_at_work(stage: Stage, kept: KeptProcess) -> bool:
    """Whether the process that runs now has shown itself as a worker."""
    return kept.process is not None and kept.process.pid in stage.rows.find_worker_pids().values()

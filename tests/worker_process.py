"""Starting real worker processes beside a test, with a broker and jobs for them."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from hostile_media import build_noise, build_wav
from job_builders import add_job, list_spans
from transcriber.engine.options import TranscribeOptions
from transcriber.infra.broker import is_listening, plan_broker
from transcriber.infra.context import Context
from transcriber.infra.queue import build_queue
from transcriber.infra.settings import Settings
from transcriber.infra.supervisor import Supervisor
from transcriber.jobs.states import SpanState

ODD_WORKER = Path(__file__).with_name("odd_worker.py")
DEADLINE_SECONDS = 90.0


def wait_for(is_true: Callable[[], object], seconds: float = DEADLINE_SECONDS) -> float:
    """Wait until it holds; gives the seconds that took."""
    started = time.monotonic()
    while not is_true():
        assert time.monotonic() - started < seconds, "it never came true"
        time.sleep(0.05)
    return time.monotonic() - started


@contextmanager
def run_broker(settings: Settings) -> Generator[Settings]:
    """The embedded broker of these settings."""
    supervisor = Supervisor([plan_broker(settings)])
    supervisor.start()
    try:
        wait_for(lambda: is_listening(settings.broker_socket))
        yield settings
    finally:
        supervisor.stop()


@contextmanager
def start_worker(
    settings: Settings, behaviour: str = "quick", *, log: Path | None = None, **bounds: float
) -> Generator["subprocess.Popen[bytes]"]:
    """One worker process with a fake engine; killed at the end if it still runs."""
    command = [sys.executable, str(ODD_WORKER), behaviour, json.dumps(bounds)]
    with ExitStack() as stack:
        err = None if log is None else stack.enter_context(log.open("wb"))
        environment = {**os.environ, **settings.to_environment()}
        process = subprocess.Popen(command, env=environment, stderr=err)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def submit(context: Context, settings: Settings, user_id: str = "alice") -> str:
    """A one-second recording as a queued job, with its token sent to the settings' broker."""
    options = TranscribeOptions(vad_filter=False)
    job_id = add_job(context, user_id, data=build_wav(build_noise(1)), options=options)
    publish(settings, job_id)
    return job_id


def publish(settings: Settings, job_id: str) -> None:
    queue = build_queue(settings)
    try:
        queue.publish(job_id)
    finally:
        queue.close()


def is_transcribing(context: Context, job_id: str) -> bool:
    """Whether the plan is done and a span of speech is held by a worker."""
    return any(
        span.index >= 0 and span.state == SpanState.RUNNING for span in list_spans(context, job_id)
    )

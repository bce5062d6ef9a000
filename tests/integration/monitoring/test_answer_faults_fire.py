"""What users would notice of a service that is in trouble fires the alerts that tell of it."""

import os
import signal
import time
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from chaos.faultdisk import mount_small_disk
from disturbed_service import PATIENCE_SECONDS, Disturbed, run_disturbed
from fresh_database import POSTGRES_URL
from hostile_media import build_noise, build_wav
from job_builders import add_job
from live_api import add_account
from prometheus_server import find_prometheus
from serve_process import wait_for
from service_context import create_postgres_database
from transcriber.engine.options import TranscribeOptions
from worker_process import publish, start_worker

DISK_BYTES = 16 * 1024**2
LOW_WATER_BYTES = 1024**2
STEP_BYTES = 256 * 1024
LOCKED_SECONDS = 1.5
"""Longer than the rule allows an answer to take, and shorter than requests wait for a lock."""

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        find_prometheus() is None,
        reason="Prometheus is not installed; `make alerts` installs and runs it.",
    ),
]


def test_an_api_that_hangs(disturbed: Disturbed) -> None:
    disturbed.wait_until_quiet("TranscriberDown")
    disturbed.service.process.send_signal(signal.SIGSTOP)
    disturbed.wait_until_firing("TranscriberDown")
    disturbed.service.process.send_signal(signal.SIGCONT)
    disturbed.wait_until_quiet("TranscriberDown")


def test_uploads_that_are_refused(disturbed: Disturbed) -> None:
    with open_client(disturbed) as client:

        def send_nothing() -> None:
            answer = client.post("/jobs/", files={"file": ("empty.wav", b"")})
            assert answer.status_code == 422, answer.text

        repeat_until_firing(disturbed, "TranscriberUploadsFail", send_nothing)
        assert not disturbed.is_told("TranscriberErrors")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_disk_that_fills_and_then_is_full(tmp_path: Path) -> None:
    with (
        mount_small_disk(tmp_path / "disk", DISK_BYTES) as disk,
        run_disturbed(
            tmp_path, storage_dir=disk, disk_low_water_bytes=LOW_WATER_BYTES
        ) as disturbed,
        open_client(disturbed) as client,
        (disk / "other").open("wb", buffering=0) as other,
    ):

        def fill_a_little() -> None:
            other.write(bytes(STEP_BYTES))
            time.sleep(1)

        def send() -> None:
            answer = client.post("/jobs/", files={"file": ("talk.wav", b"some bytes")})
            assert answer.status_code == 507, answer.text

        minute = build_wav(build_noise(60))
        job_id = add_job(
            disturbed.context, data=minute, options=TranscribeOptions(vad_filter=False)
        )
        publish(disturbed.settings, job_id)
        repeat_until_firing(disturbed, "TranscriberDiskFills", fill_a_little)
        assert not disturbed.is_told("TranscriberErrors")
        other.write(bytes(DISK_BYTES - other.tell() - STEP_BYTES))
        repeat_until_firing(disturbed, "TranscriberErrors", send)
        disturbed.wait_until_firing("TranscriberDiskLow")
        assert not disturbed.is_told("TranscriberJobsBlocked")
        # It takes the job that was there before, and finds no room for its samples.
        with start_worker(disturbed.settings):
            disturbed.wait_until_firing("TranscriberJobsBlocked")


@pytest.mark.postgres
def test_answers_that_wait_for_the_database(tmp_path: Path) -> None:
    with (
        create_postgres_database() as url,
        run_disturbed(tmp_path, disk_low_water_bytes=0, database_url=url) as disturbed,
        open_client(disturbed) as client,
        psycopg.connect(POSTGRES_URL + url.rpartition("/")[2]) as connection,
        ThreadPoolExecutor(4) as readers,
    ):

        def ask_behind_a_lock() -> None:
            with connection.transaction():
                connection.execute("LOCK TABLE jobs IN ACCESS EXCLUSIVE MODE")
                answers = [readers.submit(client.get, "/jobs/") for _ in range(4)]
                time.sleep(LOCKED_SECONDS)
            assert {answer.result().status_code for answer in answers} == {200}

        repeat_until_firing(disturbed, "TranscriberSlow", ask_behind_a_lock)


def repeat_until_firing(disturbed: Disturbed, alert: str, cause: Callable[[], None]) -> None:
    assert not disturbed.is_told(alert)

    def is_firing() -> bool:
        cause()
        return alert in disturbed.prometheus.list_alerts()

    wait_for(is_firing, PATIENCE_SECONDS)


@contextmanager
def open_client(disturbed: Disturbed) -> Generator[httpx.Client]:
    """A signed-in program, in a service with a model."""
    disturbed.settings.models_dir.mkdir(exist_ok=True)
    (disturbed.settings.models_dir / "base.pt").write_bytes(b"not looked at here")
    headers = {"Authorization": f"Bearer {add_account(disturbed.context)[1]}"}
    with httpx.Client(
        base_url=disturbed.service.address, headers=headers, timeout=30, trust_env=False
    ) as client:
        yield client

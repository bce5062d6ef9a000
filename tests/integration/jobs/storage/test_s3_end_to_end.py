"""The main job with its objects in a real S3-compatible store: real processes, real weights."""

import re
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from chaos.processes import spawn
from s3_server import S3Server
from service_context import build_settings
from transcriber.infra.context import Context, build_context
from transcriber.infra.settings import Settings
from worker_process import is_transcribing, wait_for

SERVE = [str(Path(sys.executable).parent / "transcriber"), "serve"]
SECONDS = 240.0


@dataclass(frozen=True)
class Service:
    """`transcriber serve` and a client that is signed in to it."""

    client: httpx.Client
    context: Context
    pid: int

    def submit(self, recording: Path) -> str:
        with recording.open("rb") as file:
            answer = self.client.post(
                "/jobs/", files={"file": (recording.name, file)}, data={"beam_size": "1"}
            )
        assert answer.status_code == 201, answer.text
        job_id: str = answer.json()["id"]
        return job_id

    def read_job(self, job_id: str) -> dict[str, Any]:
        job: dict[str, Any] = self.client.get(f"/jobs/{job_id}").json()
        return job

    def finish(self, job_id: str) -> list[tuple[float, float, str]]:
        """Wait for the job's end; returns its segments."""
        wait_for(lambda: self.read_job(job_id)["state"] not in {"queued", "running"}, SECONDS)
        assert self.read_job(job_id)["state"] == "completed"
        segments = self.client.get(f"/transcripts/{job_id}").json()["segments"]
        return [(each["start"], each["end"], each["text"]) for each in segments]

    def kill_worker(self) -> None:
        children = psutil.Process(self.pid).children(recursive=True)
        next(each for each in children if "transcriber.worker" in each.cmdline()).kill()


@contextmanager
def serve(settings: Settings) -> Generator[Service]:
    settings.data_dir.mkdir()
    log = settings.data_dir / "serve.log"
    process = spawn(SERVE, log=log, environment=settings.to_environment(), cwd=settings.data_dir)
    try:
        wait_for(lambda: "listens on" in log.read_text() or process.poll() is not None)
        found = re.search(r"listens on (http://\S+)", log.read_text())
        password = re.search(r"First password: (\S+)", log.read_text())
        assert found is not None, log.read_text()
        assert password is not None
        context = build_context(settings)
        with httpx.Client(base_url=found[1], timeout=60) as client:
            login = {"name": "admin", "password": password[1], "kind": "bearer"}
            token = client.post("/auth/login", json=login).json()["token"]
            client.headers["Authorization"] = f"Bearer {token}"
            yield Service(client, context, process.pid)
        context.close()
    finally:
        process.kill()
        process.wait()


@pytest.mark.weights
@pytest.mark.timeout(900)
def test_a_job_on_s3_is_that_on_the_local_disk_also_when_its_worker_is_killed(
    tmp_path: Path, models_dir: Path, model_cache_dir: Path, s3_server: S3Server
) -> None:
    choices = {
        "port": 0,
        "models_dir": models_dir,
        "model_cache_dir": model_cache_dir,
        # The one that is killed is then the one that transcribes.
        "worker_processes": 1,
        "disk_low_water_bytes": 0,
        "lease_seconds": 10,
        "heartbeat_seconds": 2,
        "reconcile_seconds": 2,
        "log_format": "json",
    }
    recording = models_dir / "demo" / "two_cities.wav"
    with serve(build_settings(tmp_path / "local", **choices)) as service:
        expected = service.finish(service.submit(recording))
    assert "It was the best of times" in expected[0][2]

    s3_server.empty()
    with serve(build_settings(tmp_path / "s3", **choices, **s3_server.choices)) as service:
        undisturbed = service.submit(recording)
        assert service.finish(undisturbed) == expected
        # The samples went with the end of the job; the waveform stays with the recording.
        wait_for(
            lambda: {key.split("/")[0] for key in s3_server.list_keys()} == {"peaks", "recordings"}
        )

        disturbed = service.submit(recording)
        wait_for(lambda: is_transcribing(service.context, disturbed), SECONDS)
        service.kill_worker()
        assert service.finish(disturbed) == expected
        assert service.read_job(disturbed)["attempt"] > service.read_job(undisturbed)["attempt"]

        for job_id in (undisturbed, disturbed):
            assert service.client.delete(f"/jobs/{job_id}").status_code == 204
        wait_for(lambda: s3_server.list_keys() == [])
        assert s3_server.list_unfinished() == []
    assert not list((tmp_path / "s3").rglob("objects"))

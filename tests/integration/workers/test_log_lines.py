"""The log of a real API and a real worker: every line about a job names the request it came by."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from hostile_media import build_noise, build_wav
from job_builders import expire_leases, read_job
from serve_process import wait_for
from transcriber.infra.context import Context
from worker_process import is_transcribing, start_worker
from workerless_service import REQUEST_ID, open_workerless_service, submit_named


@pytest.fixture
def service(tmp_path: Path) -> Generator[tuple[Context, httpx.Client]]:
    with open_workerless_service(tmp_path, log_format="json", reconcile_seconds=0.5) as opened:
        yield opened


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Every line is a JSON object, but for the last one, which may be half written."""
    lines = path.read_text().split("\n")[:-1]
    return [json.loads(line) for line in lines]


def test_a_job_is_followed_from_its_request_to_its_spans(
    service: tuple[Context, httpx.Client], tmp_path: Path
) -> None:
    context, http = service
    job_id = submit_named(http, build_wav(build_noise(1)))
    with start_worker(context.settings, log=tmp_path / "worker.txt"):
        wait_for(lambda: read_job(context, job_id).state == "completed")
        wait_for(lambda: len(list_reports(tmp_path / "worker.txt")) == 2)
    queued, request = (
        line
        for line in read_lines(tmp_path / "err.txt")
        if line["event"] in {"job_queued", "request"} and line.get("request_id") == REQUEST_ID
    )
    assert (queued["job_id"], queued["process"], request["path"]) == (job_id, "api", "/jobs/")
    reports = list_reports(tmp_path / "worker.txt")
    assert [(line["span"], line["attempt"]) for line in reports] == [(-1, 1), (0, 1)]
    about = [line for line in read_lines(tmp_path / "worker.txt") if "span" in line]
    for line in about:
        assert (line["request_id"], line["job_id"]) == (REQUEST_ID, job_id)
        assert (line["process"], bool(line["worker_id"])) == ("worker", True)


def test_what_happens_to_a_lease_is_told_with_the_request_too(
    service: tuple[Context, httpx.Client], tmp_path: Path
) -> None:
    context, http = service
    job_id = submit_named(http, build_wav(build_noise(1)))
    log = tmp_path / "worker.txt"
    with start_worker(context.settings, "short", log=log):
        wait_for(lambda: is_transcribing(context, job_id))
        expire_leases(context)
        wait_for(lambda: {"lease_expired", "lease_lost"} <= {e["event"] for e in read_lines(log)})
    for name in ("lease_expired", "lease_lost"):
        line = next(line for line in read_lines(log) if line["event"] == name)
        found = {key: line[key] for key in ("request_id", "job_id", "span", "attempt")}
        assert found == {"request_id": REQUEST_ID, "job_id": job_id, "span": 0, "attempt": 1}


def test_another_try_is_that_of_its_own_request(
    service: tuple[Context, httpx.Client],
) -> None:
    context, http = service
    job_id = submit_named(http, build_wav(build_noise(1)))
    assert http.post(f"/jobs/{job_id}/cancel").status_code == 200
    again = {"X-Request-ID": "request-of-a-test-2"}
    assert http.post(f"/jobs/{job_id}/retry", headers=again).status_code == 200
    assert read_job(context, job_id).request_id == "request-of-a-test-2"


def list_reports(path: Path) -> list[dict[str, Any]]:
    return [line for line in read_lines(path) if line["event"] == "slice_reported"]

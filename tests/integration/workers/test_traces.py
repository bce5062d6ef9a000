"""Traces over OTLP from a real API and a real worker to a receiver of their own."""

import secrets
import subprocess
import sys
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from hostile_media import build_noise, build_wav
from job_builders import read_job
from receivers import Received, open_receiver
from serve_process import serve, wait_for
from service_context import build_settings, open_client, open_context, require_first_admin, sign_in
from transcriber.infra.context import Context
from worker_process import start_worker

REQUEST_ID = "request-of-a-test-1"
ERROR = 2


@pytest.fixture
def receiver() -> Generator[Received]:
    with open_receiver() as opened:
        yield opened


@pytest.fixture
def service(tmp_path: Path, receiver: Received) -> Generator[tuple[Context, httpx.Client]]:
    """A traced service without workers, and a signed-in program."""
    settings = build_settings(
        tmp_path / "data",
        port=0,
        worker_processes=0,
        disk_low_water_bytes=0,
        otel_exporter_otlp_endpoint=receiver.url.partition("/in")[0],
    )
    with ExitStack() as stack:
        context = stack.enter_context(open_context(settings))
        with open_client(context) as client:
            headers = sign_in(client, require_first_admin(context))
        settings.models_dir.mkdir()
        (settings.models_dir / "base.pt").write_bytes(b"not looked at here")
        running = stack.enter_context(serve(settings))
        running.wait_until_up(children=1)
        yield (
            context,
            stack.enter_context(
                httpx.Client(base_url=running.address, headers=headers, trust_env=False, timeout=60)
            ),
        )


def list_spans(receiver: Received) -> dict[str, Any]:
    """The newest of each name."""
    found: dict[str, Any] = {}
    for body in list(receiver.bodies):
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                found |= {span.name: span for span in scope.spans}
    return found


def read_attributes(span: Any) -> dict[str, str | int]:
    return {
        each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes
    }


def submit(http: httpx.Client, data: bytes, **headers: str) -> str:
    answer = http.post(
        "/jobs/",
        files={"file": ("secret name.wav", data)},
        data={"vad_filter": "false"},
        headers={"X-Request-ID": REQUEST_ID, **headers},
    )
    assert answer.status_code == 201, answer.text
    job_id: str = answer.json()["id"]
    return job_id


def test_a_workers_spans_are_children_of_the_request(
    service: tuple[Context, httpx.Client], receiver: Received
) -> None:
    context, http = service
    trace, parent = secrets.token_hex(16), secrets.token_hex(8)
    job_id = submit(http, build_wav(build_noise(1)), traceparent=f"00-{trace}-{parent}-01")
    http.get("/healthz")
    with start_worker(context.settings):
        wait_for(lambda: {"POST /jobs/", "transcribe span"} <= set(list_spans(receiver)))
    spans = list_spans(receiver)
    assert set(spans) == {"POST /jobs/", "plan recording", "transcribe span"}
    request = spans["POST /jobs/"]
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (trace, parent)
    assert read_attributes(request) == {
        "http.request.method": "POST",
        "http.route": "/jobs/",
        "http.response.status_code": 201,
        "transcriber.request_id": REQUEST_ID,
    }
    for index, name in ((-1, "plan recording"), (0, "transcribe span")):
        assert spans[name].trace_id.hex() == trace
        assert spans[name].parent_span_id == request.span_id
        told = read_attributes(spans[name])
        assert told["transcriber.job_id"] == job_id
        assert told["transcriber.request_id"] == REQUEST_ID
        assert (told["transcriber.span"], told["transcriber.attempt"]) == (index, 1)
    # Nothing says what the recording is called.
    assert not any(b"secret name" in body for body in receiver.bodies)


def test_what_fails_is_told_by_its_code(
    service: tuple[Context, httpx.Client], receiver: Received
) -> None:
    context, http = service
    job_id = submit(http, b"<html>no</html>")
    assert http.get("/jobs/" + "0" * 32).status_code == 404
    with start_worker(context.settings):
        wait_for(lambda: "plan recording" in list_spans(receiver))
    plan = list_spans(receiver)["plan recording"]
    assert (plan.status.code, plan.status.message) == (ERROR, "unsupported")
    assert read_job(context, job_id).error_code == "unsupported"
    wait_for(lambda: "GET /jobs/{job_id}" in list_spans(receiver))
    # A refusal is an answer, and no failure of the service.
    assert list_spans(receiver)["GET /jobs/{job_id}"].status.code != ERROR


def test_a_job_that_nobody_traced_is_kept_without_a_place(tmp_path: Path) -> None:
    with open_context(build_settings(tmp_path)) as context, open_client(context) as client:
        context.settings.models_dir.mkdir(exist_ok=True)
        (context.settings.models_dir / "base.pt").write_bytes(b"not looked at here")
        client.headers.update(sign_in(client, require_first_admin(context)))
        answer = client.post(
            "/jobs/",
            files={"file": ("a.wav", b"bytes")},
            headers={"traceparent": f"00-{'1' * 32}-{'2' * 16}-01"},
        )
        assert read_job(context, answer.json()["id"]).trace_parent is None


WITHOUT = """
import sys
from transcriber.infra.errors import StartupError
sys.modules["opentelemetry.sdk"] = None
from transcriber.infra.settings import Settings
from transcriber.infra.tracing import build_tracer
try:
    build_tracer(Settings(_env_file=None, otel_exporter_otlp_endpoint="http://127.0.0.1:1"))
except StartupError as error:
    sys.exit("tracing" in str(error))
"""


def test_without_its_packages_a_service_that_shall_trace_does_not_start() -> None:
    assert subprocess.run([sys.executable, "-c", WITHOUT], check=False).returncode == 1

"""Traces over OTLP from a real API and a real worker to a receiver of their own."""

import secrets
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from hostile_media import build_noise, build_wav
from job_builders import read_job
from receivers import Received, open_receiver
from serve_process import wait_for
from service_context import build_settings, open_client, open_context, require_first_admin, sign_in
from transcriber.infra.context import Context
from transcriber.infra.otlp_tracer import OtlpTracer
from transcriber.jobs.stages import STAGE_ORDER
from worker_process import start_worker
from workerless_service import REQUEST_ID, open_workerless_service, submit_named

ERROR = 2
CLOCKS_APART = 1_000_000
"""Nanoseconds that the two clocks of a process may differ between two readings."""
STAGES = {stage.replace("_", " ") for stage in STAGE_ORDER}


@pytest.fixture
def receiver() -> Generator[Received]:
    with open_receiver() as opened:
        yield opened


@pytest.fixture
def service(tmp_path: Path, receiver: Received) -> Generator[tuple[Context, httpx.Client]]:
    """A traced service without workers, and a signed-in program."""
    endpoint = receiver.url.partition("/in")[0]
    with open_workerless_service(tmp_path, otel_exporter_otlp_endpoint=endpoint) as opened:
        yield opened


def list_all(receiver: Received) -> list[Any]:
    """Every span, as they came."""
    return [
        span
        for body in list(receiver.bodies)
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def list_spans(receiver: Received) -> dict[str, Any]:
    """The newest of each name."""
    return {span.name: span for span in list_all(receiver)}


def read_attributes(span: Any) -> dict[str, str | int]:
    return {
        each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes
    }


def test_a_workers_spans_are_children_of_the_request(
    service: tuple[Context, httpx.Client], receiver: Received
) -> None:
    context, http = service
    trace, parent = secrets.token_hex(16), secrets.token_hex(8)
    job_id = submit_named(http, build_wav(build_noise(1)), traceparent=f"00-{trace}-{parent}-01")
    http.get("/healthz")
    with start_worker(context.settings):
        wait_for(lambda: {"POST /jobs/", "transcribe span"} <= set(list_spans(receiver)))
    spans = list_spans(receiver)
    assert set(spans) - STAGES == {"POST /jobs/", "plan recording", "transcribe span"}
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


def test_stages_are_parts_of_their_slice(
    service: tuple[Context, httpx.Client], receiver: Received
) -> None:
    context, http = service
    submit_named(http, build_wav(build_noise(61)))
    with start_worker(context.settings):
        wait_for(lambda: {"plan recording", "transcribe span"} <= set(list_spans(receiver)))
    found = list_all(receiver)
    slices = {span.name: span for span in found if span.name.endswith(("recording", "span"))}
    of_plan = [s for s in found if s.parent_span_id == slices["plan recording"].span_id]
    planned = {"load model", "decode", "store samples", "detect speech", "detect language"}
    assert sorted(span.name for span in of_plan) == sorted({*planned, "checkpoint"})
    of_span = [s for s in found if s.parent_span_id == slices["transcribe span"].span_id]
    assert sorted(span.name for span in of_span) == ["checkpoint", "transcribe"]
    for part, whole in [(p, slices["plan recording"]) for p in of_plan] + [
        (p, slices["transcribe span"]) for p in of_span
    ]:
        assert part.trace_id == whole.trace_id
        assert whole.start_time_unix_nano - CLOCKS_APART <= part.start_time_unix_nano
        assert part.start_time_unix_nano <= part.end_time_unix_nano
        assert part.end_time_unix_nano <= whole.end_time_unix_nano + CLOCKS_APART
        told = read_attributes(part)
        assert told["transcriber.outcome"] == "ok"
        passed = (part.end_time_unix_nano - part.start_time_unix_nano) / 1e9
        assert 0 <= float(told["transcriber.busy_seconds"]) <= passed + 0.001
    turns = {span.name: read_attributes(span)["transcriber.turns"] for span in of_plan}
    assert int(turns["decode"]) > 1
    assert turns["checkpoint"] == 1


def test_what_fails_is_told_by_its_code(
    service: tuple[Context, httpx.Client], receiver: Received
) -> None:
    context, http = service
    job_id = submit_named(http, b"<html>no</html>")
    assert http.get("/jobs/" + "0" * 32).status_code == 404
    with start_worker(context.settings):
        wait_for(lambda: "plan recording" in list_spans(receiver))
    plan = list_spans(receiver)["plan recording"]
    assert (plan.status.code, plan.status.message) == (ERROR, "unsupported")
    assert read_job(context, job_id).error_code == "unsupported"
    stage = next(span for span in list_all(receiver) if span.parent_span_id == plan.span_id)
    assert stage.name in STAGES
    wait_for(lambda: "GET /jobs/{job_id}" in list_spans(receiver))
    # A refusal is an answer, and no failure of the service.
    assert list_spans(receiver)["GET /jobs/{job_id}"].status.code != ERROR


NO_PLACES = [
    ["garbage"],
    ["x" * 5000],
    [f"00-{'A' * 32}-{'2' * 16}-01"],
    [f"00-{'1' * 32}-{'0' * 16}-01"],
    [f"00-{'1' * 32}-{'2' * 16}-01-more"],
    [f"00-{'1' * 32}-{'2' * 16}-01\N{LATIN SMALL LETTER Y WITH DIAERESIS}"],
    [f"00-{'1' * 32}-{'2' * 16}-01"] * 2,
]


def test_what_is_no_place_in_a_trace_is_passed_over(
    service: tuple[Context, httpx.Client], receiver: Received, tmp_path: Path
) -> None:
    _, http = service
    for given in NO_PLACES:
        headers = [("traceparent", each.encode("latin-1")) for each in given]
        answer = http.get("/auth/me", headers=headers)
        assert (answer.status_code, answer.json()["is_traced"]) == (200, True)
    wait_for(lambda: len(list_all(receiver)) == len(NO_PLACES))
    found = list_all(receiver)
    assert {span.parent_span_id for span in found} == {b""}
    traces = {span.trace_id.hex() for span in found}
    assert len(traces) == len(NO_PLACES)
    assert not traces & {"1" * 32, "a" * 32}
    # The log does not repeat what a stranger wrote.
    log = (tmp_path / "err.txt").read_text()
    assert not any(each[:40] in log for given in NO_PLACES for each in given)
    assert "traceparent" not in log


@pytest.mark.parametrize(
    ("sampler", "kept"),
    [("parentbased_always_on", 1), ("parentbased_always_off", 0), ("always_off", 0)],
)
def test_a_client_has_no_more_kept_than_the_operator_wants(
    receiver: Received, monkeypatch: pytest.MonkeyPatch, sampler: str, kept: int
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", sampler)
    tracer = OtlpTracer(receiver.url.partition("/in")[0])
    asked = f"00-{'1' * 32}-{'2' * 16}-01"
    with tracer.trace("GET /jobs/", "server", asked, {}) as request:
        pass
    with tracer.trace("transcribe span", "consumer", request.trace_parent, {}):
        pass
    tracer.close()
    assert len(list_spans(receiver)) == 2 * kept


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
        # The browser knows by this that it need not send any.
        assert client.get("/auth/me").json()["is_traced"] is False


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

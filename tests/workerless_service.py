"""A real API as a process of its own, for tests that start workers when they want them."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from serve_process import serve
from service_context import build_settings, open_client, open_context, require_first_admin, sign_in
from transcriber.infra.context import Context

REQUEST_ID = "request-of-a-test-1"


@contextmanager
def open_workerless_service(
    tmp_path: Path, **choices: Any
) -> Generator[tuple[Context, httpx.Client]]:
    """The service with these settings, and a signed-in program; its output lies in `tmp_path`."""
    settings = build_settings(
        tmp_path / "data", port=0, worker_processes=0, disk_low_water_bytes=0, **choices
    )
    with ExitStack() as stack:
        context = stack.enter_context(open_context(settings))
        with open_client(context) as client:
            headers = sign_in(client, require_first_admin(context))
        settings.models_dir.mkdir()
        (settings.models_dir / "base.pt").write_bytes(b"not looked at here")
        running = stack.enter_context(serve(settings))
        running.wait_until_up(children=1)
        http = httpx.Client(base_url=running.address, headers=headers, trust_env=False, timeout=60)
        yield context, stack.enter_context(http)


def submit_named(http: httpx.Client, data: bytes, **headers: str) -> str:
    """The id of the job that the request `REQUEST_ID` made of the recording `secret name.wav`."""
    answer = http.post(
        "/jobs/",
        files={"file": ("secret name.wav", data)},
        data={"vad_filter": "false"},
        headers={"X-Request-ID": REQUEST_ID, **headers},
    )
    assert answer.status_code == 201, answer.text
    job_id: str = answer.json()["id"]
    return job_id

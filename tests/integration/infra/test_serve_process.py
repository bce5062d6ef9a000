"""`serve` as an operator runs it: a process with its children, on a real port."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from serve_process import DEADLINE_SECONDS, SERVE, serve, wait_for
from service_context import build_settings
from transcriber.infra.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return build_settings(tmp_path / "data", port=0, heartbeat_seconds=1, log_format="json")


def test_it_starts_signs_in_recovers_a_worker_and_stops_cleanly(settings: Settings) -> None:
    with serve(settings) as service:
        service.wait_until_up(children=2)
        password = re.search(r"First password: (\S+)", service.out.read_text())
        assert password is not None
        with httpx.Client(base_url=service.address, timeout=30) as client:
            login = {"name": "admin", "password": password[1], "kind": "bearer"}
            token = client.post("/auth/login", json=login).json()["token"]
            me = client.get("/auth/me", headers={"Authorization": f"Bearer {token}"})
            assert me.json()["role"] == "admin"

            def read_failing() -> list[str]:
                checks = client.get("/readyz").json()["checks"]
                return [check["name"] for check in checks if not check["is_ok"]]

            # No model is staged here: nothing else may be wrong, and the workers must say so.
            wait_for(lambda: "Every worker refuses work" in client.get("/readyz").text)
            assert read_failing() == ["models", "workers"]
            _check_raw_requests(service.address)
        worker = next(c for c in service.list_children() if "transcriber.worker" in c.cmdline())
        worker.kill()
        wait_for(lambda: "child_died" in service.err.read_text())
        wait_for(lambda: len(service.list_children()) == 2)
        children = service.list_children()
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(60) == 0
        assert not psutil.wait_procs(children, timeout=1)[1]
        assert password[1] not in service.err.read_text()
        assert token not in service.err.read_text()
        assert "Traceback" not in service.err.read_text()
    with serve(settings) as again:
        again.wait_until_up(children=1)
        assert "password" not in again.out.read_text()
        children = again.list_children()
        again.process.kill()
        again.process.wait()
        assert not psutil.wait_procs(children, timeout=10)[1]


def _check_raw_requests(address: str) -> None:
    """What only a socket can say: a declared body that never comes whole, and two lengths."""
    huge = b"POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    started = time.monotonic()
    answer = _send(address, huge + b"Content-Length: 67108864\r\n\r\n" + b" " * 100_000)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code": "too_large"' in answer
    assert time.monotonic() - started < 10
    chunked = b"".join(b"40000\r\n" + b" " * 0x40000 + b"\r\n" for _ in range(8))
    answer = _send(address, huge + b"Transfer-Encoding: chunked\r\n\r\n" + chunked)
    assert answer.startswith(b"HTTP/1.1 413 ")


def _send(address: str, request: bytes) -> bytes:
    host, port = address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
        return answer


def test_what_keeps_it_from_starting_is_one_sentence(tmp_path: Path) -> None:
    def run(data_dir: Path = tmp_path / "other", **choices: object) -> str:
        chosen = build_settings(data_dir, **choices)
        done = subprocess.run(
            [sys.executable, "-c", SERVE],
            env={**os.environ, **chosen.to_environment()},
            capture_output=True,
            text=True,
            timeout=DEADLINE_SECONDS,
            check=False,
        )
        assert done.returncode == 1
        assert not done.stdout
        return done.stderr.strip()

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert run(port=port).startswith(f"Cannot listen on 127.0.0.1:{port}: Address already")
    refused = run(port=0, database_url="postgresql://postgres@127.0.0.1:1/none")
    assert refused.splitlines()[-1].startswith("The database cannot be used: ")
    (tmp_path / "file").touch()
    assert "cannot be made" in run(tmp_path / "file" / "data", port=0)

"""A service of its own for a measurement: `transcriber serve` on a free port, gone afterwards."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from peers_process import REPOSITORY

START_SECONDS = 120
STOP_SECONDS = 45


@dataclass(frozen=True, slots=True)
class RunningService:
    """Where it listens, the first administrator's token, and its process."""

    address: str
    token: str
    process: psutil.Process

    @property
    def headers(self) -> dict[str, str]:
        """What a signed-in program sends."""
        return {"Authorization": f"Bearer {self.token}"}

    def read_worker_seconds(self) -> float:
        """Processor seconds that the worker processes have used so far."""
        workers = [each for each in self.process.children(recursive=True) if _is_worker(each)]
        return sum(sum(each.cpu_times()[:2]) for each in workers)


def _is_worker(process: psutil.Process) -> bool:
    try:
        return "transcriber.worker" in " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        # A child that lived for a moment, as one that examines a model does.
        return False


@contextmanager
def run_service(
    data_dir: Path, environment: Mapping[str, str], *, path: str = "/readyz"
) -> Generator[RunningService]:
    """Start the service, wait until it is ready, sign in.

    Args:
        data_dir: For its data and its log.
        environment: Settings.
        path: What says that it is ready; without workers only `/healthz` ever does.

    Raises:
        SystemExit: it did not become ready; its log is in the message.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = data_dir / "serve.log"
    variables = {
        "DATA_DIR": str(data_dir),
        "MODELS_DIR": str(REPOSITORY / "models"),
        "MODEL_CACHE_DIR": str(REPOSITORY / ".cache" / "converted"),
        "PORT": str(port),
        **environment,
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(Path(sys.executable).parent / "transcriber"), "serve"],
            env=os.environ | variables,
            cwd=data_dir,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(process, address + path, log)
        yield RunningService(address, _sign_in(address, log), psutil.Process(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_until_ready(process: "subprocess.Popen[bytes]", probe: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(probe, timeout=5).is_success:
                return
        except httpx.TransportError:
            pass  # It does not listen yet; the deadline bounds the wait.
        time.sleep(0.2)
    raise SystemExit(f"The service did not become ready:\n{log.read_text(encoding='utf-8')}")


def _sign_in(address: str, log: Path) -> str:
    found = re.search(r"password:?\s+(\S+)", log.read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit(f"The service showed no password:\n{log.read_text(encoding='utf-8')}")
    body = {"name": "admin", "password": found[1], "kind": "bearer"}
    answer = httpx.post(f"{address}/auth/login", json=body, timeout=30)
    answer.raise_for_status()
    token: str = answer.json()["token"]
    return token

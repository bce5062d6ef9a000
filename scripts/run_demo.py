"""Show the main job: start the service, send a real recording through its HTTP API, print the text.

Usage: run_demo.py [RECORDING].  Everything it starts and stores is gone when it ends; staged
models and converted checkpoints stay, so that a second run is quick.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent
DEMO_RECORDING = ROOT / "models" / "demo" / "two_cities.wav"
START_SECONDS = 120
POLL_SECONDS = 0.5
FINISHED = {"completed", "failed", "cancelled", "quarantined"}


def main() -> int:
    """Run the demonstration; 0 when a transcript was printed."""
    recording = Path(sys.argv[1]) if len(sys.argv) > 1 else DEMO_RECORDING
    if not recording.is_file():
        print(f"There is no recording at {recording}.", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory(prefix="transcriber-demo-") as data_dir,
        start_service(Path(data_dir)) as (address, password),
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        print(f"Service: {address}   first administrator: admin / {password}", flush=True)
        return transcribe(client, password, recording)


@contextmanager
def start_service(data_dir: Path) -> Generator[tuple[str, str]]:
    """The service on a free port: its address and the first password, as an operator sees them."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log_path = data_dir / "serve.txt"
    environment = os.environ | {
        "DATA_DIR": str(data_dir),
        "MODELS_DIR": str(ROOT / "models"),
        "MODEL_CACHE_DIR": str(ROOT / ".cache" / "converted"),
        "PORT": str(port),
    }
    with log_path.open("w") as log:
        service = subprocess.Popen(
            [str(Path(sys.executable).parent / "transcriber"), "serve"],
            env=environment,
            cwd=data_dir,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(service, address, log_path)
        yield address, read_password(log_path)
    finally:
        service.send_signal(signal.SIGTERM)
        try:
            service.wait(timeout=45)
        except subprocess.TimeoutExpired:
            os.killpg(service.pid, signal.SIGKILL)


def wait_until_ready(service: "subprocess.Popen[bytes]", address: str, log_path: Path) -> None:
    """Return once `/readyz` says that every part is there."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if service.poll() is not None:
            raise SystemExit(f"The service did not start:\n{log_path.read_text()}")
        try:
            if httpx.get(f"{address}/readyz", timeout=5).is_success:
                return
        except httpx.TransportError:
            pass  # Not listening yet; the deadline bounds the wait.
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"The service was not ready in {START_SECONDS} s:\n{log_path.read_text()}")


def read_password(log_path: Path) -> str:
    """The password as `serve` shows it, once, to the operator."""
    found = re.search(r"password:?\s+(\S+)", log_path.read_text())
    if found is None:
        raise SystemExit(f"The service showed no first password:\n{log_path.read_text()}")
    return found[1]


def transcribe(client: httpx.Client, password: str, recording: Path) -> int:
    """Sign in, send the recording, follow the job, print the transcript."""
    login = client.post(
        "/auth/login", json={"name": "admin", "password": password, "kind": "bearer"}
    )
    login.raise_for_status()
    client.headers["Authorization"] = f"Bearer {login.json()['token']}"
    started = time.monotonic()
    with recording.open("rb") as body:
        answer = client.post("/jobs/", files={"file": (recording.name, body)})
    if not answer.is_success:
        print(f"The service refused the recording: {answer.json()['detail']}", file=sys.stderr)
        return 1
    job = follow(client, answer.json()["id"])
    if job["state"] != "completed":
        print(f"The job ended as {job['state']}: {job.get('error')}", file=sys.stderr)
        return 1
    text = client.get(f"/transcripts/{job['id']}/export", params={"format": "txt"})
    text.raise_for_status()
    print(f"\n{text.text.strip()}\n")
    print(f"{recording.name} was transcribed in {time.monotonic() - started:.1f} s.")
    return 0


def follow(client: httpx.Client, job_id: str) -> dict[str, object]:
    """Poll the job and show its progress until it ends."""
    shown = ""
    while True:
        job: dict[str, object] = client.get(f"/jobs/{job_id}").raise_for_status().json()
        line = describe_progress(job)
        if line != shown:
            end = "\r" if sys.stdout.isatty() else "\n"
            print(f"{line:<60}", end=end, flush=True)
            shown = line
        if job["state"] in FINISHED:
            return job
        time.sleep(POLL_SECONDS)


def describe_progress(job: dict[str, object]) -> str:
    """One line: state, share done and, where it is known, the time left."""
    progress = job.get("progress")
    line = str(job["state"])
    if isinstance(progress, float | int):
        line += f" {progress:4.0%}"
    eta = job.get("eta_seconds")
    if isinstance(eta, float | int):
        line += f", about {eta:.0f} s left"
    return line


if __name__ == "__main__":
    sys.exit(main())

"""The service's own processes over chosen servers, restarted as an operator's init would."""

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil

from chaos.processes import (
    StartError,
    end_process,
    find_free_port,
    send_signal,
    spawn,
    wait_until,
)
from chaos.servers import Postgres, Server

if TYPE_CHECKING:
    import subprocess

REPOSITORY = Path(__file__).resolve().parents[2]
SERVE = [str(Path(sys.executable).parent / "transcriber"), "serve"]
RESTART_SECONDS = 1.0
"""What Docker's and systemd's restart policies take at the least."""
LOOK_SECONDS = 0.1
KEPT_VARIABLES = ("PATH", "PYTHONPATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")


@dataclass(slots=True, kw_only=True)
class KeptProcess:
    """A process that is started again when it ends.

    Attributes:
        environment: Added to the service's settings.
        prefix: What runs it, such as `ip netns exec NAME`.
        process: The one that runs now.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    prefix: Sequence[str] = ()
    process: "subprocess.Popen[bytes] | None" = None
    ended_at: float | None = None


class Stack:
    """`transcriber serve` and further workers over one database and one broker.

    Without a server of its own for one of them, the service runs its default: SQLite, the embedded
    broker.  With a broker of its own, one worker is a child of `serve` and the others are
    processes by themselves, as on further machines.

    Args:
        folder: For data and logs.
        database: PostgreSQL, or None for SQLite.
        broker: Redis or RabbitMQ, or None for the embedded one.
        workers: In all; without any the service is up once the API answers.
        settings: Further settings, as environment variables.
        source: A folder that holds another `transcriber` package, for mutants.
        host: What the API binds to.
        prefix: What runs `serve`, such as `ip netns exec NAME`.
        restart_seconds: From a process' end until it is started again.
    """

    def __init__(
        self,
        folder: Path,
        *,
        database: Postgres | None = None,
        broker: Server | None = None,
        workers: int = 2,
        settings: Mapping[str, str] | None = None,
        source: Path | None = None,
        host: str = "127.0.0.1",
        prefix: Sequence[str] = (),
        restart_seconds: float = RESTART_SECONDS,
    ) -> None:
        self.folder = folder
        self.database = database
        self.broker = broker
        self.data_dir = folder / "data"
        self.logs = folder / "logs"
        self.logs.mkdir(parents=True)
        self.data_dir.mkdir(mode=0o700, exist_ok=True)
        self.address = f"http://{host}:{find_free_port()}"
        inside = workers if broker is None else min(workers, 1)
        self.environment = self._build_environment(host, inside, settings or {}, source)
        self.serve = KeptProcess(name="serve", command=SERVE, prefix=prefix)
        self.apis: list[KeptProcess] = []
        self.workers: list[KeptProcess] = []
        self._lock = threading.RLock()
        self._ending = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        self._outside = workers - inside
        self._restart_seconds = restart_seconds
        self._is_up = self.is_ready if workers else self.is_alive

    def start(self, *, seconds: float = 180) -> None:
        """Start everything; returns once the service says that it is ready, or answers at all."""
        self._start(self.serve)
        log = self.logs / "serve.log"
        wait_until(lambda: self.is_alive() or self._has_ended(), "serve", seconds=seconds, log=log)
        if self._has_ended():
            raise StartError(log.read_text(errors="replace")[-3_000:])
        for number in range(self._outside):
            self.add_worker(f"outside-{number + 1}")
        self._keeper.start()
        wait_until(self._is_up, "the service", seconds=seconds, log=self.logs / "serve.log")

    def add_worker(
        self,
        name: str,
        *,
        prefix: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> KeptProcess:
        """Start a further worker as a process by itself; the database must have its tables."""
        worker = KeptProcess(
            name=name,
            command=[sys.executable, "-m", "transcriber.worker"],
            prefix=prefix,
            environment=environment or {},
        )
        with self._lock:
            self.workers.append(worker)
            self._start(worker)
        return worker

    def add_api(self, name: str) -> tuple[KeptProcess, str]:
        """Start a further API without workers; gives its address too."""
        port = find_free_port()
        environment = {"PORT": str(port), "WORKER_PROCESSES": "0"}
        api = KeptProcess(name=name, command=SERVE, environment=environment)
        with self._lock:
            self.apis.append(api)
            self._start(api)
        return api, f"{self.address.rpartition(':')[0]}:{port}"

    def close(self) -> None:
        """Kill every process, stopped ones too."""
        self._ending.set()
        with self._lock:
            for each in self._kept:
                for process in _list_tree(each):
                    _signal_quietly(process, signal.SIGKILL)
                end_process(each.process)

    def kill_everything(self) -> None:
        """As when the machine's power goes: API, workers and the embedded broker at once."""
        with self._lock:
            for each in reversed(self._kept):
                if each.process is not None:
                    send_signal(each.process, signal.SIGKILL)

    @contextmanager
    def hold_dead(self) -> Generator[None]:
        """Kill everything, and start nothing again before the block ends."""
        with self._lock:
            trees = [_list_tree(each) for each in self._kept]
            self.kill_everything()
            psutil.wait_procs([each for tree in trees for each in tree], timeout=10)
            yield

    def list_workers(self) -> list[int]:
        """Process ids of the workers that run, wherever they run."""
        found = [each for each in _list_tree(self.serve) if _is_worker(each)]
        for kept in self.workers:
            found += [each for each in _list_tree(kept) if _is_worker(each)]
        return sorted(each.pid for each in found)

    def find_api(self) -> int | None:
        """Process id of the API, which is `serve` itself."""
        process = self.serve.process
        return process.pid if process is not None and process.poll() is None else None

    def find_embedded_broker(self) -> int | None:
        """Process id of the broker that `serve` runs, if it does now."""
        for each in _list_tree(self.serve):
            try:
                # It writes its socket into its title in place of its arguments.
                if "unixsocket:" in " ".join(each.cmdline()):
                    return each.pid
            except psutil.Error:
                continue
        return None

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address."""
        if self.database is None:
            return f"sqlite:///{self.sqlite_file}"
        return self.database.url.replace("postgresql://", "postgresql+psycopg://")

    @property
    def sqlite_file(self) -> Path:
        """Where SQLite's file is, when that is the database."""
        return self.data_dir / "transcriber.sqlite3"

    @property
    def broker_url(self) -> str:
        """The Celery address."""
        if self.broker is None:
            return f"redis+socket://{self.data_dir / 'broker.sock'}"
        return self.broker.url

    def is_alive(self) -> bool:
        """Whether the API answers."""
        return self._ask("/healthz")

    def is_ready(self) -> bool:
        """Whether every part is there, workers included."""
        return self._ask("/readyz")

    def read_first_password(self) -> str:
        """The first administrator's password, as an operator sees it."""
        log = (self.logs / "serve.log").read_text(errors="replace")
        found = re.search(r"First password: (\S+)", log)
        assert found is not None, log[-2_000:]
        return found[1]

    @property
    def _kept(self) -> tuple[KeptProcess, ...]:
        return (self.serve, *self.apis, *self.workers)

    def _has_ended(self) -> bool:
        return self.serve.process is not None and self.serve.process.poll() is not None

    def _ask(self, path: str) -> bool:
        try:
            return httpx.get(self.address + path, timeout=5).is_success
        except httpx.TransportError:
            return False

    def _build_environment(
        self, host: str, inside: int, settings: Mapping[str, str], source: Path | None
    ) -> dict[str, str]:
        chosen = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        chosen |= {
            "DATA_DIR": str(self.data_dir),
            "MODELS_DIR": str(REPOSITORY / "models"),
            "MODEL_CACHE_DIR": str(REPOSITORY / ".cache" / "converted"),
            "HOST": host,
            "PORT": self.address.rpartition(":")[2],
            "WORKER_PROCESSES": str(inside),
            "THREADS": "1",
            "LOG_FORMAT": "json",
        }
        if self.database is not None:
            chosen["DATABASE_URL"] = self.database.url
        if self.broker is not None:
            chosen["BROKER_URL"] = self.broker.url
        if source is not None:
            chosen["PYTHONPATH"] = str(source)
        return chosen | dict(settings)

    def _start(self, kept: KeptProcess) -> None:
        kept.process = spawn(
            kept.command,
            log=self.logs / f"{kept.name}.log",
            environment=self.environment | dict(kept.environment),
            cwd=self.folder,
            prefix=kept.prefix,
        )
        kept.ended_at = None

    def _keep(self) -> None:
        while not self._ending.wait(LOOK_SECONDS):
            with self._lock:
                if self._ending.is_set():
                    return
                for each in self._kept:
                    self._revive(each)

    def _revive(self, kept: KeptProcess) -> None:
        if kept.process is not None and kept.process.poll() is None:
            return
        now = time.monotonic()
        if kept.ended_at is None:
            kept.ended_at = now
        if now - kept.ended_at >= self._restart_seconds:
            self._start(kept)


def _list_tree(kept: KeptProcess) -> list[psutil.Process]:
    if kept.process is None or kept.process.poll() is not None:
        return []
    try:
        root = psutil.Process(kept.process.pid)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _is_worker(process: psutil.Process) -> bool:
    try:
        # The media child of a worker is a fork of its interpreter with other arguments.
        return process.cmdline()[1:3] == ["-m", "transcriber.worker"]
    except psutil.Error:
        return False


def _signal_quietly(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return

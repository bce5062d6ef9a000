"""Several machines that share one service: the API here, workers on hosts of their own."""

import shutil
import tempfile
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx

from chaos.netns import Host, Network, open_network
from chaos.processes import wait_until
from chaos.servers import Postgres, RabbitMq, Redis
from chaos.stack import KeptProcess, Stack

Broker = Literal["redis", "rabbitmq"]
Segment = tuple[float, float, str]
LOOK_SECONDS = 0.5
TERMINAL = {"completed", "failed", "cancelled", "quarantined"}
# A third of the defaults: the runs wait for leases to expire.
QUICK = {"LEASE_SECONDS": "8", "HEARTBEAT_SECONDS": "2", "RECONCILE_SECONDS": "2"}


@dataclass(frozen=True, slots=True)
class SpanState:
    """A row of `spans`; the plan has the index -1."""

    index: int
    state: str
    attempt: int
    owner: str | None


class Cluster:
    """The service on this machine's side of the bridge and its workers on the hosts.

    Args:
        folder: For everything that is written.
        network: The hosts.
        broker: Which kind carries the tokens.
        settings: Further settings of the service.
        source: A folder that holds another `transcriber` package.
    """

    def __init__(
        self,
        folder: Path,
        network: Network,
        *,
        broker: Broker,
        settings: Mapping[str, str],
        source: Path | None = None,
    ) -> None:
        self.network = network
        self.database = Postgres(folder / "postgres", address=network.address)
        kind = Redis if broker == "redis" else RabbitMq
        self.broker = kind(folder / "broker", address=network.address)
        self.stack: Stack
        self._folder = folder
        self._settings = {**settings, "WORKER_PROCESSES": "0", "MAX_RUNNING_PER_ACCOUNT": "16"}
        self._source = source
        self._hosts: dict[str, KeptProcess] = {}
        self._headers: dict[str, str] = {}

    def start(self, hosts: int) -> None:
        """Start the servers, the API, and a worker on each of the first hosts."""
        self.database.start()
        self.broker.start()
        self.stack = Stack(
            self._folder / "service",
            database=self.database,
            broker=self.broker,
            workers=1,
            host=self.network.address,
            settings=self._settings,
            source=self._source,
        )
        for host in self.network.hosts[:hosts]:
            self.start_worker(host)
        self.stack.start()
        self._sign_in()

    def start_worker(self, host: Host, environment: Mapping[str, str] | None = None) -> None:
        """Run a worker on `host`, started again when it ends by itself."""
        self._hosts[host.namespace] = self.stack.add_worker(
            host.namespace, prefix=host.prefix, environment=environment
        )

    def lose(self, host: Host) -> int:
        """Kill everything on the host for good; gives how many processes died."""
        self.stack.workers.remove(self._hosts.pop(host.namespace))
        return host.kill_everything()

    def submit(self, recording: Path, **options: str) -> str:
        """Send a recording; gives the job's id."""
        with recording.open("rb") as file:
            answer = httpx.post(
                f"{self.stack.address}/jobs/",
                files={"file": (recording.name, file)},
                data=options,
                headers=self._headers,
                timeout=120,
            )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def read_job(self, job_id: str) -> dict[str, Any]:
        """The job as its owner sees it."""
        return self._get(f"/jobs/{job_id}")

    def read_transcript(self, job_id: str) -> list[Segment]:
        """Start, end and text of each segment."""
        answer = self._get(f"/transcripts/{job_id}")
        return [(each["start"], each["end"], each["text"]) for each in answer["segments"]]

    def wait_for_end(self, job_id: str, seconds: float) -> dict[str, Any]:
        """Wait until the job is in a terminal state, and give it."""
        wait_until(
            lambda: self.read_job(job_id)["state"] in TERMINAL,
            f"the end of {job_id}",
            seconds=seconds,
            # Whoever looks takes time from the workers, which share this machine's cores.
            pause=LOOK_SECONDS,
        )
        return self.read_job(job_id)

    def list_spans(self, job_id: str) -> list[SpanState]:
        """The job's spans, and who holds them."""
        query = (
            "SELECT s.index, s.state, s.attempt, w.host FROM spans s"
            " LEFT JOIN worker_heartbeats w ON w.id = s.lease_owner"
            " WHERE s.job_id = %s ORDER BY s.index"
        )
        with self.database.connect() as connection:
            rows: list[Any] = connection.execute(query, [job_id]).fetchall()
        return [SpanState(*row) for row in rows]

    def measure_planning(self, job_id: str) -> float:
        """Seconds from the submission until the first span of speech was begun."""
        query = (
            "SELECT extract(epoch FROM min(s.started_at) - min(j.created_at))::float8"
            " FROM spans s JOIN jobs j ON j.id = s.job_id WHERE j.id = %s AND s.index >= 0"
        )
        with self.database.connect() as connection:
            row = connection.execute(query, [job_id]).fetchone()
        assert row is not None
        return float(str(row[0]))

    def count_recomputed(self, job_id: str) -> int:
        """Spans that were begun more than once, each as often as it was begun again."""
        return sum(max(0, span.attempt - 1) for span in self.list_spans(job_id))

    def count_completions(self, job_id: str) -> int:
        """How many times the job was moved to `completed`."""
        query = "SELECT count(*) FROM job_events WHERE job_id = %s AND to_state = 'completed'"
        with self.database.connect() as connection:
            row = connection.execute(query, [job_id]).fetchone()
        assert row is not None
        return int(str(row[0]))

    def wait_for_holder(self, job_id: str, host: Host, seconds: float = 120) -> SpanState:
        """Wait until `host` works on a span (not on the plan), and give that span."""
        found: list[SpanState] = []

        def is_held() -> bool:
            found[:] = [
                span
                for span in self.list_spans(job_id)
                if span.index >= 0 and span.state == "running" and span.owner == host.namespace
            ]
            return bool(found)

        wait_until(is_held, f"a span on {host.namespace}", seconds=seconds)
        return found[0]

    def wait_for_heartbeat(self, host: Host, seconds: float) -> float:
        """Wait until the host's worker shows itself anew; gives the seconds it took."""
        query = "SELECT max(seen_at) FROM worker_heartbeats WHERE host = %s"
        began = time.monotonic()
        with self.database.connect() as connection:
            before = connection.execute("SELECT clock_timestamp()").fetchone()

            def is_seen() -> bool:
                row: Any = connection.execute(query, [host.namespace]).fetchone()
                return row[0] is not None and before is not None and row[0] > before[0]

            wait_until(is_seen, f"a heartbeat of {host.namespace}", seconds=seconds)
        return time.monotonic() - began

    def read_log(self, host: Host) -> str:
        """What the host's worker wrote."""
        return (self.stack.logs / f"{host.namespace}.log").read_text(errors="replace")

    def close(self) -> None:
        """Kill everything."""
        if hasattr(self, "stack"):
            self.stack.close()
        for server in (self.broker, self.database):
            server.cont()
            server.kill()
        if isinstance(self.broker, RabbitMq):
            self.broker.close()

    def _sign_in(self) -> None:
        body = {"name": "admin", "password": self.stack.read_first_password(), "kind": "bearer"}
        answer = httpx.post(f"{self.stack.address}/auth/login", json=body, timeout=30)
        assert answer.is_success, answer.text
        self._headers = {"Authorization": f"Bearer {answer.json()['token']}"}

    def _get(self, path: str) -> dict[str, Any]:
        answer = httpx.get(self.stack.address + path, headers=self._headers, timeout=30)
        assert answer.is_success, answer.text
        return answer.json()


@contextmanager
def open_cluster(
    hosts: int,
    *,
    broker: Broker = "redis",
    settings: Mapping[str, str] = QUICK,
    source: Path | None = None,
) -> Generator[Cluster]:
    """A cluster with a worker on each of so many hosts; nothing of it stays."""
    folder = Path(tempfile.mkdtemp(prefix="chaos-hosts-"))
    # PostgreSQL runs as a user of its own below this folder.
    folder.chmod(0o755)
    try:
        with open_network(hosts) as network:
            cluster = Cluster(folder, network, broker=broker, settings=settings, source=source)
            try:
                cluster.start(hosts)
                yield cluster
            finally:
                cluster.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)

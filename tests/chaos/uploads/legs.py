"""One leg of the run: uploads over one storage and one database, under some of the faults."""

import hashlib
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import httpx

from chaos.faultdisk import FaultDisk
from chaos.rows import Rows
from chaos.servers import Postgres
from chaos.stack import REPOSITORY, Stack
from chaos.uploads.breakages import Breaker
from chaos.uploads.client import Client, Journal
from chaos.uploads.cuts import Cuts
from chaos.uploads.kills import Killer
from chaos.uploads.remains import Remains, find_remains
from chaos.uploads.sendings import Draws, Fate, Sending
from chaos.uploads.wire import Wire
from s3_server import S3Server, run_s3_server

ROUNDS_SECONDS = 600.0
SETTINGS = {
    # A verification that a kill interrupts waits for this.
    "LEASE_SECONDS": "4",
    "HEARTBEAT_SECONDS": "1",
    "DISK_LOW_WATER_BYTES": "0",
    "MAX_OPEN_UPLOADS_PER_ACCOUNT": "100000",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a leg consists of.

    Attributes:
        cuts: Connections that clients cut.
        kills: SIGKILLs of the API.
        disk_faults: Calls on the storage's disk that fail or fall short.
        given_up_share: Of the uploads, how many are cancelled, abandoned or left open.
    """

    name: str
    seed: int
    cuts: int
    kills: int
    disk_faults: int = 0
    given_up_share: float = 0.0
    clients: int = 4
    storage: Literal["local", "s3"] = "local"
    database: Literal["sqlite", "postgresql"] = "sqlite"


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a leg showed.

    Attributes:
        faults: By kind.
        struck: What was in flight when the API was killed.
        matches: Uploads whose recording, read back over HTTP, has the SHA-256 of what was sent.
        jobs: In the table.
        before: What the faults had left before the rounds.
        after: What was left after them.
        rounds: What each round found.
    """

    plan: Plan
    faults: Counter[str] = field(default_factory=Counter[str])
    struck: Counter[str] = field(default_factory=Counter[str])
    sendings: list[Sending] = field(default_factory=list[Sending])
    statuses: Counter[int] = field(default_factory=Counter[int])
    problems: list[str] = field(default_factory=list[str])
    matches: int = 0
    jobs: int = 0
    before: Remains = field(default_factory=Remains)
    after: Remains = field(default_factory=Remains)
    rounds: dict[str, int] = field(default_factory=dict[str, int])
    seconds: float = 0.0


def run_leg(plan: Plan, folder: Path) -> Outcome:
    """Send, hurt, collect, check."""
    outcome = Outcome(plan=plan)
    started = time.monotonic()
    with _open_service(plan, folder) as service:
        _send_under_faults(service, outcome)
        outcome.before = find_remains(service.stack, service.rows, service.store)
        outcome.rounds = _run_rounds(service.stack, outcome.sendings)
        outcome.after = find_remains(service.stack, service.rows, service.store)
        _complete_late_ones(service, outcome)
        _check_ends(service, outcome)
    outcome.seconds = time.monotonic() - started
    return outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class _Service:
    stack: Stack
    rows: Rows
    headers: dict[str, str]
    disk: FaultDisk | None
    store: S3Server | None

    def build_client(self, cuts: Cuts, journal: Journal, *, loses_nothing: bool) -> Client:
        host, _, port = self.stack.address.removeprefix("http://").rpartition(":")
        wire = Wire(host, int(port), self.headers)
        return Client(wire, cuts, journal, loses_nothing=loses_nothing)


@contextmanager
def _open_service(plan: Plan, folder: Path) -> Generator[_Service]:
    with ExitStack() as ending:
        folder.mkdir(mode=0o755)
        settings, disk, store, database = dict(SETTINGS), None, None, None
        if plan.storage == "s3":
            (folder / "s3").mkdir()
            store = ending.enter_context(run_s3_server(folder / "s3"))
            settings |= {name.upper(): value for name, value in store.choices.items()}
        if plan.disk_faults:
            objects = folder / "service" / "data" / "objects"
            objects.mkdir(parents=True, mode=0o700)
            disk = FaultDisk(objects, folder / "shim")
            settings |= disk.environment
        if plan.database == "postgresql":
            database = Postgres(folder / "postgresql")
            ending.callback(database.close)
            database.start()
        stack = Stack(
            folder / "service", database=database, workers=0, settings=settings, restart_seconds=0
        )
        ending.callback(stack.close)
        stack.start()
        rows = Rows(stack)
        ending.callback(rows.close)
        yield _Service(stack=stack, rows=rows, headers=_sign_in(stack), disk=disk, store=store)


def _sign_in(stack: Stack) -> dict[str, str]:
    body = {"name": "admin", "password": stack.read_first_password(), "kind": "bearer"}
    answer = httpx.post(f"{stack.address}/auth/login", json=body, timeout=60)
    answer.raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def _send_under_faults(service: _Service, outcome: Outcome) -> None:
    plan = outcome.plan
    clients: list[Client] = []
    killer = Killer(
        service.stack,
        random.Random(f"{plan.seed} {plan.name} kills"),
        plan.kills,
        lambda: [client.doing for client in clients if client.doing is not None],
    )
    breaker = Breaker(
        service.disk, random.Random(f"{plan.seed} {plan.name} disk"), plan.disk_faults
    )
    cuts = Cuts(plan.cuts, killer.measure)
    journal = Journal()
    draws = Draws(
        f"{plan.seed} {plan.name}",
        lambda: cuts.is_done and killer.is_done and breaker.is_done,
        given_up_share=plan.given_up_share,
        is_s3=plan.storage == "s3",
    )
    is_sound = not plan.disk_faults
    clients += [
        service.build_client(cuts, journal, loses_nothing=is_sound) for _ in range(plan.clients)
    ]
    killer.start()
    breaker.start()
    with ThreadPoolExecutor(plan.clients) as threads:
        running = [threads.submit(_send_all, client, draws) for client in clients]
        for each in running:
            each.result()
    killer.join()
    breaker.stop()
    outcome.faults = cuts.kinds + breaker.kinds + Counter({"SIGKILL of the API": killer.kills})
    outcome.struck, outcome.sendings = killer.struck, draws.sendings
    outcome.statuses = journal.statuses
    outcome.problems += journal.problems


def _send_all(client: Client, draws: Draws) -> None:
    while (sending := draws.draw()) is not None:
        client.send(sending)
    client.close()


def _run_rounds(stack: Stack, sendings: list[Sending]) -> dict[str, int]:
    abandoned = [each.id for each in sendings if each.fate == Fate.ABANDON]
    source = f"{REPOSITORY / 'tests'}:{REPOSITORY / 'benchmarks'}"
    done = subprocess.run(
        [sys.executable, "-m", "chaos.uploads.rounds", *abandoned],
        env=stack.environment | {"PYTHONPATH": source},
        cwd=stack.folder,
        capture_output=True,
        text=True,
        timeout=ROUNDS_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def _complete_late_ones(service: _Service, outcome: Outcome) -> None:
    """Who comes back after the collection finds an open upload as it was left."""
    journal = Journal()
    client = service.build_client(Cuts(0, lambda: 0.0), journal, loses_nothing=True)
    for sending in outcome.sendings:
        if sending.fate == Fate.LATE:
            client.send(sending)
    client.close()
    outcome.problems += journal.problems


def _check_ends(service: _Service, outcome: Outcome) -> None:
    """Whether each upload ended as its client wished, in one job with the bytes that were sent."""
    rows = {row[0]: (row[1], row[2]) for row in service.rows.query(
        "SELECT id, state, job_id FROM uploads"
    )}
    outcome.jobs = int(service.rows.query("SELECT count(*) FROM jobs")[0][0])
    expected = {Fate.CANCEL: "cancelled", Fate.ABANDON: "expired"}
    with httpx.Client(
        base_url=service.stack.address, headers=service.headers, timeout=60
    ) as client:
        for sending in outcome.sendings:
            state, job_id = rows.get(sending.id, ("missing", None))
            if state != expected.get(sending.fate, "completed"):
                outcome.problems.append(f"upload {sending.id} ({sending.fate}) is {state}")
            elif state == "completed":
                outcome.matches += _has_its_bytes(client, sending, job_id, outcome.problems)


def _has_its_bytes(
    client: httpx.Client, sending: Sending, job_id: str | None, problems: list[str]
) -> bool:
    digest = hashlib.sha256()
    path = f"/recordings/{sending.recording_id}/media"
    with client.stream("GET", path) as answer:
        for block in answer.iter_bytes():
            digest.update(block)
    is_same = answer.status_code == 200 and digest.hexdigest() == sending.sha256
    if not is_same or job_id != sending.job_id:
        problems.append(f"upload {sending.id}: its job or its recording is not what was sent")
    return is_same

"""The service that a leg hurts: the API alone, over its own disk or store and database."""

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from chaos.faultdisk import FaultDisk
from chaos.rows import Rows
from chaos.servers import Postgres
from chaos.stack import Stack
from chaos.uploads.answers import Answers
from chaos.uploads.client import Client
from chaos.uploads.cuts import Cuts
from chaos.uploads.plan import Plan
from chaos.uploads.wire import Wire
from s3_server import S3Server, run_s3_server

SETTINGS = {
    # A verification that a kill interrupts waits for this.
    "LEASE_SECONDS": "4",
    "HEARTBEAT_SECONDS": "1",
    "DISK_LOW_WATER_BYTES": "0",
    "MAX_OPEN_UPLOADS_PER_ACCOUNT": "100000",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The service of one leg, with the disk that fails or the object store, if it has one."""

    stack: Stack
    rows: Rows
    headers: dict[str, str]
    disk: FaultDisk | None
    store: S3Server | None

    def build_client(self, cuts: Cuts, answers: Answers, *, is_disk_sound: bool) -> Client:
        """One more client, with a connection of its own."""
        host, _, port = self.stack.address.removeprefix("http://").rpartition(":")
        wire = Wire(host, int(port), self.headers)
        return Client(wire, cuts, answers, is_disk_sound=is_disk_sound)


@contextmanager
def open_service(plan: Plan, folder: Path) -> Generator[Service]:
    """Start it without workers; all of it is dead afterwards."""
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
            folder / "service",
            database=database,
            workers=0,
            settings=settings,
            source=plan.source,
            restart_seconds=0,
        )
        ending.callback(stack.close)
        stack.start()
        rows = Rows(stack)
        ending.callback(rows.close)
        yield Service(stack=stack, rows=rows, headers=_sign_in(stack), disk=disk, store=store)


def _sign_in(stack: Stack) -> dict[str, str]:
    body = {"name": "admin", "password": stack.read_first_password(), "kind": "bearer"}
    answer = httpx.post(f"{stack.address}/auth/login", json=body, timeout=60)
    answer.raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['token']}"}

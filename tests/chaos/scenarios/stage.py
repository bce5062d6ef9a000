"""What every scenario needs: the service, a client, the tables, and a verdict at the end."""

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from chaos.checks import Checker, Findings
from chaos.client import MAY_PASS, Client, Submission
from chaos.collection import check_collection
from chaos.journal import Fault, Journal
from chaos.recordings import Recording
from chaos.reference import Segments
from chaos.rows import DATABASE_ERRORS, Rows
from chaos.scene import Pace
from chaos.servers import Postgres, Redis
from chaos.stack import Stack

Servers = Literal["embedded", "servers"]
QUICK = Pace(lease=8.0, heartbeat=2.0, reconcile=2.0)
ACCOUNTS = 2
NO_ROOM = 507


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is sent, and what must come of it.

    Attributes:
        folder: A new one for each use, below this one.
        reference: The undisturbed transcript of each recording, by its name.
    """

    folder: Path
    recordings: list[Recording]
    reference: dict[str, Segments]

    def find(self, *, is_long: bool) -> Recording:
        """The first recording of this length."""
        return next(each for each in self.recordings if each.is_long == is_long)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The running service of one scenario."""

    stack: Stack
    client: Client
    rows: Rows
    material: Material
    journal: Journal = field(default_factory=Journal)

    def send(self, key: str, recording: Recording, account: str = "user0") -> Submission:
        """Send a recording until it is acknowledged."""
        submission = self.client.submit(account, key, recording)
        self.client.keep(submission)
        return submission

    def note(self, kind: str) -> Fault:
        """Note a misfortune that may cost any checkpoint in flight."""
        return self.journal.add(Fault(kind=kind, is_database=True))

    def settle(self, seconds: float) -> float:
        """Wait until every job has ended; gives the seconds it took.

        Raises:
            AssertionError: some had not.
        """
        started = time.monotonic()
        while time.monotonic() - started < seconds:
            try:
                if self.rows.count_unfinished() == 0:
                    return time.monotonic() - started
            except DATABASE_ERRORS:
                pass  # It may still be away; the deadline bounds the wait.
            time.sleep(0.3)
        left = self.rows.query(
            "SELECT id, state, waiting_code FROM jobs WHERE state != 'completed'"
        )
        raise AssertionError(f"Not every job had ended after {seconds:.0f} s: {left}")

    def judge(self) -> None:
        """Hold tables, files and answers against what must be true.

        Raises:
            AssertionError: something is not.
        """
        findings = Findings()
        checker = Checker(self.rows, self.client, self.journal, self.material.reference, findings)
        checker.check_everything()
        check_collection(self.stack, self.rows, findings)
        assert not findings.list_all(), "\n  ".join(findings.list_all())


@contextmanager
def open_stage(
    material: Material,
    servers: Servers,
    *,
    workers: int = 2,
    pace: Pace = QUICK,
    prepare: Callable[[Path, ExitStack], Mapping[str, str]] | None = None,
) -> Generator[Stage]:
    """The service over its defaults, or over PostgreSQL and Redis; all of it is dead afterwards.

    Args:
        material: What will be sent.
        servers: Whether servers of its own run beside it.
        workers: In all; with servers the second and further ones are processes by themselves.
        pace: Its leases.
        prepare: Called with the data's folder before anything starts; gives more settings.
    """
    folder = material.folder
    # The servers run as other users, and look from here.
    folder.mkdir(mode=0o755)
    with ExitStack() as ending:
        data = folder / "service" / "data"
        data.mkdir(parents=True, mode=0o700)
        chosen = pace.to_settings()
        if prepare is not None:
            chosen |= dict(prepare(data, ending))
        database = broker = None
        if servers == "servers":
            database, broker = Postgres(folder / "postgresql"), Redis(folder / "redis")
            for each in (database, broker):
                ending.callback(each.close)
                each.start()
        stack = Stack(
            folder / "service",
            database=database,
            broker=broker,
            workers=workers,
            settings=chosen,
        )
        ending.callback(stack.close)
        stack.start()
        client = Client(stack.address, may_pass=MAY_PASS | {NO_ROOM})
        ending.callback(client.close)
        client.sign_in(stack.read_first_password(), ACCOUNTS)
        rows = Rows(stack)
        ending.callback(rows.close)
        yield Stage(stack=stack, client=client, rows=rows, material=material)

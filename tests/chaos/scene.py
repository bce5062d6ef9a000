"""Everything a fault can reach."""

import random
import threading
import time
from dataclasses import dataclass, field

from chaos.client import Client
from chaos.faultdisk import FaultDisk
from chaos.journal import Fault, Journal
from chaos.rows import DATABASE_ERRORS, Rows, Span, find_latest
from chaos.servers import Postgres, Server
from chaos.stack import Stack
from chaos.traffic import Traffic

SEARCH_SECONDS = 4.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The service's settings that recovery depends on, in seconds."""

    lease: float = 30.0
    heartbeat: float = 10.0
    reconcile: float = 10.0

    def to_settings(self) -> dict[str, str]:
        """As environment variables; the product's defaults are not spelled out."""
        if self == Pace():
            return {}
        return {
            "LEASE_SECONDS": str(self.lease),
            "HEARTBEAT_SECONDS": str(self.heartbeat),
            "RECONCILE_SECONDS": str(self.reconcile),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One combination while it runs.

    Attributes:
        rng: Every choice a fault makes comes from here.
        traffic: Sends recordings, one more when a fault wants one.
        disk: Under the service's data, when its power may be cut.
    """

    stack: Stack
    database: Postgres | None
    broker: Server | None
    rows: Rows
    journal: Journal
    client: Client
    rng: random.Random
    pace: Pace
    traffic: Traffic
    disk: FaultDisk | None = None
    database_lock: threading.Lock = field(default_factory=threading.Lock)
    broker_lock: threading.Lock = field(default_factory=threading.Lock)
    worker_lock: threading.Lock = field(default_factory=threading.Lock)

    def find_worker(self) -> int | None:
        """A worker, one that holds a span where any does within a few seconds."""
        deadline = time.monotonic() + SEARCH_SECONDS
        while time.monotonic() < deadline:
            holders = sorted(set(self.list_holders()))
            if holders:
                return self.rng.choice(holders)
            time.sleep(0.05)
        workers = self.stack.list_workers()
        return self.rng.choice(workers) if workers else None

    def list_holders(self) -> list[int]:
        """Process ids of the workers that hold a span now."""
        alive = set(self.stack.list_workers())
        try:
            pids = self.rows.find_worker_pids()
            owners = [span.owner for span in self.rows.list_running()]
        except DATABASE_ERRORS:
            return []
        return [pids[owner] for owner in owners if owner in pids and pids[owner] in alive]

    def list_held(self, pids: list[int] | None = None) -> list[Span]:
        """The span that each of these workers works on, or all that are held."""
        deadline = time.monotonic() + SEARCH_SECONDS
        while True:
            try:
                known = self.rows.find_worker_pids()
                running = self.rows.list_running()
            except DATABASE_ERRORS:
                if time.monotonic() > deadline:
                    return []
                time.sleep(0.05)
                continue
            if pids is None:
                return running
            return find_latest(
                span for span in running if span.owner and known.get(span.owner) in pids
            )

    def note_loss(self, kind: str, pids: list[int], *, is_loss: bool = True) -> Fault:
        """Note that these workers have just stopped working."""
        at = time.time()
        held = self.list_held(pids)
        fault = Fault(kind=kind, at=at, until=at, workers=len(pids), held=held, is_loss=is_loss)
        fault.detail = ", ".join(f"{span.key[0][:8]}/{span.key[2]}" for span in held)
        return self.journal.add(fault)

"""One database and one broker under faults, from the first start to the last check."""

import random
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from chaos.checks import Checker, Findings, check_completions
from chaos.client import Client
from chaos.collection import check_collection
from chaos.faultdisk import FaultDisk
from chaos.journal import Fault, Journal
from chaos.observer import Observer
from chaos.recordings import Recording
from chaos.recovery import (
    Recomputed,
    Recoveries,
    explain_attempts,
    measure_losses,
    measure_wipes,
)
from chaos.reference import Segments
from chaos.rows import DATABASE_ERRORS, Rows
from chaos.scene import Pace, Scene
from chaos.schedule import Appointment, Strike, draw_schedule
from chaos.servers import Postgres, RabbitMq, Redis, Server
from chaos.stack import Stack
from chaos.traffic import Traffic

DatabaseKind = Literal["sqlite", "postgresql"]
BrokerKind = Literal["embedded", "redis", "rabbitmq"]
ACCOUNTS = 3
HANDS = 12
"""Faults that may last, or wait for their turn, at the same time."""
STUCK_SECONDS = 240.0
"""Without a span finished; no lease, pause or outage of the run lasts so long."""
SETTLE_SECONDS = 1800.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to run.

    Attributes:
        seconds: Over which jobs are sent and faults strike.
        source: A folder that holds another `transcriber` package, for mutants.
        only: The faults to draw from, with their weights; every one that applies without.
        has_power_cuts: Whether the data lies on a disk whose power may be cut.
    """

    database: DatabaseKind
    broker: BrokerKind
    jobs: int
    faults: int
    seconds: float
    seed: int
    workers: int = 3
    pace: Pace = field(default_factory=Pace)
    source: Path | None = None
    only: Mapping[Strike, int] | None = None
    has_power_cuts: bool = False

    @property
    def name(self) -> str:
        """As in the table."""
        return f"{self.database}+{self.broker}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of it.

    Attributes:
        started_at: Seconds since the epoch, as the faults' times.
        phases: Seconds that each part of the run took.
    """

    plan: Plan
    started_at: float
    phases: dict[str, float]
    faults: list[Fault]
    jobs: int
    findings: Findings
    recomputed: Recomputed
    losses: Recoveries
    wipes: Recoveries
    strays: int
    answers: str

    @property
    def seconds(self) -> float:
        """From the first start to the last check."""
        return sum(self.phases.values())

    def count_kinds(self) -> dict[str, int]:
        """How many faults of each kind struck."""
        kinds = [fault.kind for fault in self.faults]
        return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


class Phases:
    """The seconds of one part after the other."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def end(self, name: str) -> None:
        """The part of this name is over."""
        now = time.monotonic()
        self.seconds[name] = now - self._last
        self._last = now


def run_combination(
    plan: Plan, folder: Path, recordings: list[Recording], reference: dict[str, Segments]
) -> Outcome:
    """Start, disturb, wait until it is quiet, check; everything is dead when it returns."""
    started_at = time.time()
    phases = Phases()
    with ExitStack() as ending:
        scene = _open_scene(plan, folder, recordings, ending)
        observer = Observer(
            scene.rows,
            overdue_seconds=plan.pace.lease + 2 * plan.pace.reconcile,
            silence_seconds=plan.pace.heartbeat + 2,
        )
        observer.start()
        phases.end("to start")
        traffic = scene.traffic
        schedule = draw_schedule(
            random.Random(f"{plan.seed} {plan.name} faults"),
            faults=plan.faults,
            seconds=plan.seconds,
            is_sqlite=plan.database == "sqlite",
            only=plan.only,
        )
        with ThreadPoolExecutor(1, thread_name_prefix="traffic") as sender:
            sending = sender.submit(traffic.send_over, jobs=plan.jobs, seconds=plan.seconds)
            _strike(scene, schedule)
            sending.result()
        phases.end("of faults")
        findings = Findings()
        _settle(scene, findings)
        phases.end("to end what was left")
        observer.close()
        checker = Checker(scene.rows, scene.client, scene.journal, reference, findings)
        checker.check_everything()
        findings.broken += list(observer.violations.values())
        findings.broken += check_completions(scene.rows, observer)
        for fault in scene.journal.list_faults():
            findings.broken += fault.violations
        findings.duplicated += traffic.replays_that_differed
        strays = check_collection(scene.stack, scene.rows, findings)
        recomputed = explain_attempts(scene.journal, observer, scene.rows.list_spans())
        findings.broken += recomputed.unexplained
        phases.end("to check")
        return Outcome(
            plan=plan,
            started_at=started_at,
            phases=phases.seconds,
            faults=scene.journal.list_faults(),
            jobs=len(scene.client.submissions),
            findings=findings,
            recomputed=recomputed,
            losses=measure_losses(scene.journal, observer),
            wipes=measure_wipes(scene.journal, observer),
            strays=strays,
            answers=_describe_answers(scene.client),
        )


def _open_scene(plan: Plan, folder: Path, recordings: list[Recording], ending: ExitStack) -> Scene:
    folder.mkdir()
    # The servers run as other users, and look from here.
    folder.chmod(0o755)
    database = None
    if plan.database == "postgresql":
        database = Postgres(folder / "postgresql")
        ending.callback(database.close)
        database.start()
    broker: Server | None = None
    if plan.broker != "embedded":
        broker = (Redis if plan.broker == "redis" else RabbitMq)(folder / plan.broker)
        ending.callback(broker.close)
        broker.start()
    disk = None
    settings = plan.pace.to_settings()
    if plan.has_power_cuts:
        (folder / "service" / "data").mkdir(parents=True, mode=0o700)
        disk = FaultDisk(folder / "service" / "data", folder / "disk")
        settings |= disk.environment
    stack = Stack(
        folder / "service",
        database=database,
        broker=broker,
        workers=plan.workers,
        settings=settings,
        source=plan.source,
    )
    ending.callback(stack.close)
    stack.start()
    client = Client(stack.address)
    ending.callback(client.close)
    client.sign_in(stack.read_first_password(), ACCOUNTS)
    rows = Rows(stack)
    ending.callback(rows.close)
    rng = random.Random(f"{plan.seed} {plan.name} traffic")
    return Scene(
        stack=stack,
        database=database,
        broker=broker,
        rows=rows,
        journal=Journal(),
        client=client,
        rng=random.Random(f"{plan.seed} {plan.name} choices"),
        pace=plan.pace,
        traffic=Traffic(client, recordings, rng, plan.name),
        disk=disk,
    )


def _strike(scene: Scene, schedule: list[Appointment]) -> None:
    started = time.monotonic()
    with ThreadPoolExecutor(HANDS, thread_name_prefix="fault") as hands:
        running = []
        for each in schedule:
            threading.Event().wait(max(0.0, started + each.at - time.monotonic()))
            running.append(hands.submit(each.strike, scene))
    for each in running:
        # A fault that could not be injected is an error of the run, not of the service.
        each.result()


def _settle(scene: Scene, findings: Findings) -> None:
    """Wait until no job is unfinished; what was quarantined is tried again, as an owner would.

    How long that takes is the machine's affair, as long as one span after the other gets done.
    """
    started = progressed_at = time.monotonic()
    done = 0
    while (now := time.monotonic()) < min(progressed_at + STUCK_SECONDS, started + SETTLE_SECONDS):
        try:
            unfinished = scene.rows.count_unfinished()
            if unfinished == 0 and not _retry_quarantined(scene):
                return
            if (found := scene.rows.count_done_spans()) != done:
                done, progressed_at = found, now
        except DATABASE_ERRORS:
            pass  # A restarted database answers soon; the deadline bounds the wait.
        time.sleep(0.3)
    findings.lost.append(
        f"not every job had ended, {now - progressed_at:.0f} s after the last span"
    )


def _retry_quarantined(scene: Scene) -> bool:
    kept = {
        str(row[0]) for row in scene.rows.query("SELECT id FROM jobs WHERE state = 'quarantined'")
    }
    tried = [each for each in scene.client.list_submissions() if each.job_id in kept]
    for each in tried:
        scene.client.retry(each)
    return bool(tried)


def _describe_answers(client: Client) -> str:
    answers = client.answers
    told = ", ".join(f"{count} of {status}" for status, count in sorted(answers.statuses.items()))
    return (
        f"{told}, {answers.broken_connections} broken connections,"
        f" slowest answer {answers.longest_seconds:.1f} s"
    )

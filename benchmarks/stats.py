"""How long the statistics of jobs take among a million of them, on PostgreSQL.

The rows are copied in; what is timed is the whole way from the question to the answer's JSON,
without HTTP, for several periods.  Exits with status 1 where the 95th percentile of a period that
is held to it is above `--allowed-ms`.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from sqlalchemy import text

from results_files import describe_machine, write_results
from service_context import build_settings, create_postgres_database, open_context
from speech_jobs import summarize
from transcriber.admin.statistics.period import Period
from transcriber.admin.statistics.report import report_jobs
from transcriber.infra.context import Context

DAYS = 365
OWNERS = 500
PERIODS = {
    "1 hour": timedelta(hours=1),
    "24 hours": timedelta(hours=24),
    "7 days": timedelta(days=7),
    "30 days": timedelta(days=30),
}
STATES = ("completed",) * 17 + ("failed", "cancelled", "quarantined")
NOW = datetime.now(UTC)
RECORDINGS = "id, user_id, name, storage_key, size_bytes, sha256, duration_seconds, created_at"
JOBS = (
    "id, user_id, recording_id, generation, name, options, model, device, state, priority, attempt,"
    " checkpoint, stall_count, transient_count, error_code, warnings, total_seconds, done_seconds,"
    " busy_seconds, audio_seconds, created_at, queued_at, started_at, finished_at, updated_at"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """How many jobs ended in a period, and what the answer took, in milliseconds."""

    ended: int
    milliseconds: dict[str, float]


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--allowed-ms", type=float, default=200.0)
    parser.add_argument("--held", default="30 days", choices=list(PERIODS))
    arguments = parser.parse_args()
    machine = describe_machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        create_postgres_database() as url,
        open_context(build_settings(Path(folder), database_url=url)) as context,
    ):
        began = time.monotonic()
        fill(url, arguments.jobs)
        with context.database.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        ) as link:
            # What PostgreSQL does by itself after a while.
            link.execute(text("VACUUM ANALYZE"))
        fill_seconds = round(time.monotonic() - began, 1)
        answers = measure(context, arguments.rounds)
    report = write_report(answers, arguments.jobs, fill_seconds, machine["load_before"])
    print(report)
    figures = {name: asdict(answer) for name, answer in answers.items()}
    write_results("stats", {"machine": machine, "answers": figures}, report)
    return int(answers[arguments.held].milliseconds["p95"] > arguments.allowed_ms)


def fill(url: str, jobs: int) -> None:
    """Spread the jobs evenly over a year, the newest few still in the queue."""
    draw = random.Random(1)  # noqa: S311 -- figures, not secrets
    lengths = [draw.uniform(10, 7_200) for _ in range(jobs)]
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        with cursor.copy(f"COPY recordings ({RECORDINGS}) FROM STDIN".encode()) as copy:
            for number, seconds in enumerate(lengths):
                owner = f"owner{number % OWNERS}"
                key = f"{number:032x}"
                copy.write_row((key, owner, "a.mp3", key, 10, "a" * 64, seconds, NOW))
        with cursor.copy(f"COPY jobs ({JOBS}) FROM STDIN".encode()) as copy:
            for row in draw_jobs(lengths, draw):
                copy.write_row(row)


def draw_jobs(lengths: Sequence[float], draw: random.Random) -> Iterator[tuple[object, ...]]:
    """One row for each recording, whose lengths these are."""
    step = timedelta(days=DAYS) / len(lengths)
    for number, length in enumerate(lengths):
        state = draw.choice(STATES) if number > len(lengths) // 10_000 else "queued"
        is_queued = state == "queued"
        finished = NOW - number * step
        started = finished - timedelta(seconds=draw.expovariate(1 / 300))
        queued = started - timedelta(seconds=draw.expovariate(1 / 60))
        speech = draw.uniform(10, 7_000)
        yield (
            *(f"{number:032x}", f"owner{number % OWNERS}", f"{number:032x}", 1, "a.mp3"),
            *('{"task": "transcribe"}', draw.choice(("base", "small", "large-v3")), "cpu int8"),
            *(state, 0, 1, 1, 0, 0, None if state != "failed" else "no_audio", "[]"),
            *(speech, speech if state == "completed" else 0.0, speech * draw.uniform(0.1, 0.9)),
            length if state == "completed" else None,
            *(queued, queued, None if is_queued else started),
            *(None if is_queued else finished, finished),
        )


def measure(context: Context, rounds: int) -> dict[str, Answer]:
    """Ask for each period so often, in turns."""
    taken: dict[str, list[float]] = {name: [] for name in PERIODS}
    ended: dict[str, int] = {}
    for _ in range(rounds):
        for name, length in PERIODS.items():
            began = time.perf_counter()
            answer = report_jobs(context, Period(NOW - length, NOW))
            answer.model_dump_json()
            taken[name].append(1_000 * (time.perf_counter() - began))
            ended[name] = answer.ended.ended
    return {name: Answer(ended[name], summarize(taken[name])) for name in PERIODS}


def write_report(answers: dict[str, Answer], jobs: int, fill_seconds: float, load: float) -> str:
    """The table that is kept beside the figures."""
    rows = [
        f"| {name} | {answer.ended:,} | {answer.milliseconds['p50']:.0f} "
        f"| {answer.milliseconds['p95']:.0f} | {answer.milliseconds['max']:.0f} |"
        for name, answer in answers.items()
    ]
    return "\n".join(
        [
            "# Statistics of jobs",
            "",
            "| period | jobs that ended in it | p50, ms | p95, ms | longest, ms |",
            "|---|---|---|---|---|",
            *rows,
            "",
            (
                f"{jobs:,} jobs of {OWNERS} accounts, spread over a year, in PostgreSQL on the "
                f"same machine, {os.cpu_count()} cores, load {load} before; filled in "
                f"{fill_seconds:.0f} s. From the question to the answer's JSON, without HTTP."
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())

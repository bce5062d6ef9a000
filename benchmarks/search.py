"""How long a search takes in an account with many segments, among those of other accounts.

Both databases are filled with the same texts and asked the same questions, each as often, the first
page and one far behind it; what is timed is the whole way from the question to the answer as the
API gives it, without HTTP.  Exits with status 1 where the 95th percentile of a question is above
`--allowed-ms`, or the databases do not give the same hits.
"""

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select, text

from results_files import describe_machine, write_results
from search_texts import PHRASE, RARE, Owner, Speech, fill
from service_context import build_settings, create_postgres_database
from speech_jobs import summarize
from transcriber.infra.database import Database
from transcriber.infra.settings import Settings
from transcriber.migrations.upgrade import upgrade_database
from transcriber.transcripts.filters import TranscriptFilter
from transcriber.transcripts.models import SegmentRow
from transcriber.transcripts.search.query import parse_query
from transcriber.transcripts.search.schemas import HitRead
from transcriber.transcripts.search.service import search_transcripts

ASKED = "asked"
PAGE = 20
GERMAN = TranscriptFilter(language="de")
QUESTIONS = {
    "rare": (RARE, None),
    "common": ("the", None),
    "phrase, rare": (f'"{" ".join(PHRASE)}"', None),
    "phrase, common": ('"of the"', None),
    "two common": ("the and", None),
    "common and rare": (f"the {RARE}", None),
    "common without common": ("the -and", None),
    "either": (f"{RARE} OR the", None),
    "beginning": ("ba*", None),
    "common, filtered": ("the", GERMAN),
    "rare, filtered": (RARE, GERMAN),
    "nothing": ("absentword", None),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What one question found, and how long that took, in milliseconds by percentile."""

    hits: int
    milliseconds: dict[str, float]


@dataclass(frozen=True, slots=True)
class Run:
    """One database."""

    name: str
    rows: int
    rows_asked: int
    fill_seconds: float
    answers: dict[str, Answer]


def main() -> int:
    """Measure, print, keep the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segments", type=int, default=100_000, help="of the account that asks")
    parser.add_argument("--others", type=int, default=4, help="accounts beside it")
    parser.add_argument("--segments-each", type=int, default=25_000, help="of the others")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--allowed-ms", type=float, default=50.0)
    arguments = parser.parse_args()
    machine = describe_machine()
    runs: list[Run] = []
    for name in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder, _open(name, Path(folder)) as settings:
            runs.append(_measure(name, settings, arguments))
    report = _write_report(runs, machine["load_before"])
    print(report)
    write_results("search", {"machine": machine, "runs": [asdict(run) for run in runs]}, report)
    is_slow = any(
        answer.milliseconds["p95"] > arguments.allowed_ms
        for run in runs
        for answer in run.answers.values()
    )
    found = [{name: answer.hits for name, answer in run.answers.items()} for run in runs]
    return int(is_slow or found[0] != found[1])


@contextmanager
def _open(name: str, folder: Path) -> Generator[Settings]:
    if name == "sqlite":
        yield build_settings(folder)
        return
    with create_postgres_database() as url:
        yield build_settings(folder, database_url=url)


def _measure(name: str, settings: Settings, arguments: argparse.Namespace) -> Run:
    upgrade_database(settings)
    database = Database(settings.resolved_database_url)
    owners = [
        Owner(ASKED, arguments.segments),
        *(Owner(f"other{each}", arguments.segments_each) for each in range(arguments.others)),
    ]
    began = time.monotonic()
    fill(database, owners, Speech(arguments.seed))
    fill_seconds = time.monotonic() - began
    _settle(database)
    with database.snapshot() as session:
        query = select(func.count()).select_from(SegmentRow)
        rows = session.scalar(query) or 0
        rows_asked = session.scalar(query.where(SegmentRow.user_id == ASKED)) or 0
    order = [each for each in QUESTIONS for _ in range(arguments.rounds)]
    random.Random(arguments.seed).shuffle(order)  # noqa: S311 -- an order, not secrets
    found: dict[str, int] = {}
    taken: dict[str, list[float]] = {each: [] for each in QUESTIONS}
    for question in order:
        began = time.perf_counter()
        found[question] = _ask(database, question)
        taken[question].append(1000 * (time.perf_counter() - began))
    database.dispose()
    answers = {each: Answer(found[each], summarize(taken[each])) for each in QUESTIONS}
    return Run(name, rows, rows_asked, round(fill_seconds, 1), answers)


def _settle(database: Database) -> None:
    """What PostgreSQL does by itself after a while: know how frequent things are."""
    if not database.is_sqlite:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
            link.execute(text("VACUUM ANALYZE"))


def _ask(database: Database, question: str) -> int:
    typed, wanted = QUESTIONS[question]
    with database.snapshot() as session:
        page = search_transcripts(
            session, ASKED, parse_query(typed), wanted or TranscriptFilter(), limit=PAGE
        )
        return len([HitRead.of(hit).model_dump_json() for hit in page.hits])


def _write_report(runs: list[Run], load: float) -> str:
    rows = [
        f"| {question} | {run.name} | {answer.hits} | {answer.milliseconds['p50']:.1f} "
        f"| {answer.milliseconds['p95']:.1f} | {answer.milliseconds['max']:.1f} |"
        for question in QUESTIONS
        for run in runs
        for answer in [run.answers[question]]
    ]
    sizes = "; ".join(
        f"{run.name}: {run.rows_asked:,} segments of the account that asks among {run.rows:,}, "
        f"filled in {run.fill_seconds:.0f} s"
        for run in runs
    )
    return "\n".join(
        [
            "# Searching an account's transcripts",
            "",
            "| question | database | hits on the page | p50, ms | p95, ms | longest, ms |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            (
                f"{sizes}. From the question to the answer's JSON, without HTTP; both databases "
                f"on the same machine, {os.cpu_count()} cores, load {load} before."
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())

"""`python -m chaos.uploads`: cut, kill and break uploads in chunks, and check what must hold.

A real `transcriber serve`, over SQLite or a PostgreSQL of its own, takes uploads of several MB from
clients that ask for the state after each fault and send what is missing.  Three legs: cut
connections and SIGKILLs over a disk, fewer of them over an object store, and a failing disk while
many uploads are given up.
"""

import argparse
import shutil
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chaos.report import say
from chaos.uploads.legs import run_leg
from chaos.uploads.plan import Outcome, Plan
from chaos.uploads.report import RULE, Report, build_report, count_hits
from results_files import describe_machine, write_results

CUTS_BY_DISK_FAULTS = 0.2
KILLS_BY_DISK_FAULTS = 0.05
GIVEN_UP_SHARE = 0.6


def main() -> int:
    """Run what the arguments say; 0 when everything held."""
    arguments = _read_arguments()
    seed = arguments.seed if arguments.seed is not None else time.time_ns() % 1_000_000
    say(f"Seed {seed}.  {RULE}")
    folder = Path(tempfile.mkdtemp(prefix="chaos-uploads-"))
    folder.chmod(0o755)
    is_good = False
    try:
        is_good = _run(_build_plans(arguments, seed), folder, arguments.results)
    finally:
        if is_good:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            say(f"Logs and data are kept in {folder}.")
    return int(not is_good)


def _run(plans: list[Plan], folder: Path, results: str) -> bool:
    machine = describe_machine()
    outcomes: list[Outcome] = []
    try:
        for plan in plans:
            outcome = run_leg(plan, folder / plan.name.replace(" ", "-"))
            outcomes.append(outcome)
            say(f"{plan.name}: {outcome.faults.total()} faults in {outcome.seconds:.0f} s.")
    finally:
        # When the run itself breaks, what it has shown by then is told as well.
        report = build_report(outcomes)
        _print(report)
    if results:
        figures = {
            "machine": machine,
            "seed": plans[0].seed,
            "verdict": report.verdict,
            "problems": report.problems,
            "legs": [_describe(outcome) for outcome in outcomes],
        }
        write_results(results, figures, _write_markdown(report, outcomes, machine))
    return report.is_good


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos.uploads", description=__doc__)
    parser.add_argument("--cuts", type=int, default=1_000, help="connections cut, over a disk")
    parser.add_argument("--kills", type=int, default=200, help="SIGKILLs of the API, over a disk")
    parser.add_argument("--s3-cuts", type=int, default=100, help="over an object store")
    parser.add_argument("--s3-kills", type=int, default=15, help="over an object store")
    parser.add_argument("--disk-faults", type=int, default=300)
    parser.add_argument("--clients", type=int, default=4, help="each sends one upload at a time")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--results", default="", help="name of the files in benchmarks/results")
    parser.add_argument("--source", type=Path, default=None, help="another package to run")
    return parser.parse_args()


def _build_plans(arguments: argparse.Namespace, seed: int) -> list[Plan]:
    shared = {
        "seed": seed,
        "clients": arguments.clients,
        "database": arguments.database,
        "source": arguments.source,
    }
    plans: list[Plan] = []
    if arguments.cuts or arguments.kills:
        plans.append(Plan(name="network", cuts=arguments.cuts, kills=arguments.kills, **shared))
    if arguments.s3_cuts or arguments.s3_kills:
        plans.append(
            Plan(
                name="object store",
                cuts=arguments.s3_cuts,
                kills=arguments.s3_kills,
                storage="s3",
                **shared,
            )
        )
    if arguments.disk_faults:
        plans.append(
            Plan(
                name="failing disk",
                cuts=round(arguments.disk_faults * CUTS_BY_DISK_FAULTS),
                kills=round(arguments.disk_faults * KILLS_BY_DISK_FAULTS),
                disk_faults=arguments.disk_faults,
                given_up_share=GIVEN_UP_SHARE,
                **shared,
            )
        )
    return plans


def _print(report: Report) -> None:
    say("")
    widths = [max(map(len, column)) for column in zip(*report.rows, strict=True)]
    for row in report.rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    for problem in report.problems:
        say(f"VIOLATION {problem}")
    say(report.verdict)


def _write_markdown(report: Report, outcomes: list[Outcome], machine: dict[str, Any]) -> str:
    plan = outcomes[0].plan
    lines = [report.rows[0], tuple("---" for _ in report.rows[0]), *report.rows[1:]]
    return "\n".join(
        [
            "# Uploads under cut connections, killed APIs and failing disks",
            "",
            report.verdict,
            "",
            *(f"| {' | '.join(line)} |" for line in lines),
            "",
            (
                f"Seed {plan.seed}; {plan.database}, {plan.clients} clients, {machine['cores']}"
                f" cores with a load of {machine['load_before']} before. {RULE}"
            ),
            "",
            *(f"- VIOLATION {problem}" for problem in report.problems),
        ]
    )


def _describe(outcome: Outcome) -> dict[str, object]:
    return {
        "plan": {k: v for k, v in asdict(outcome.plan).items() if k != "source"},
        "faults": outcome.faults,
        "faults_by_connections_in_flight": count_hits(outcome),
        "in_flight_at_kills": outcome.struck,
        "statuses": outcome.statuses,
        "uploads": [
            {
                "number": each.number,
                "fate": each.fate,
                "size_bytes": each.size_bytes,
                "chunk_bytes": each.chunk_bytes,
                "sent": each.sent.total(),
                "sent_again": each.resent,
                "hits": each.hits.total() + each.other_hits,
                "busy": each.busy,
            }
            for each in outcome.sendings
        ],
        "matches": outcome.matches,
        "jobs": outcome.jobs,
        "before_the_rounds": asdict(outcome.before),
        "after_the_rounds": asdict(outcome.after),
        "rounds": outcome.rounds,
        "seconds": round(outcome.seconds, 1),
    }


if __name__ == "__main__":
    sys.exit(main())

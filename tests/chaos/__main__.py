"""`python -m chaos`: disturb the service with real processes, and check what must hold.

Usage: python -m chaos --combinations sqlite+embedded,postgresql+redis [--jobs N] [--faults N] …
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import get_args

from chaos.combination import BrokerKind, DatabaseKind, Outcome, Plan, run_combination
from chaos.recordings import gather_recordings
from chaos.reference import transcribe_undisturbed
from chaos.report import build_report, print_report, say
from chaos.results import write_chaos_results
from chaos.scene import Pace
from chaos.stack import REPOSITORY
from chaos.targets import find_targets
from results_files import describe_machine

EVERY_COMBINATION = ",".join(
    f"{database}+{broker}" for database in get_args(DatabaseKind) for broker in get_args(BrokerKind)
)
SHORT_PACE = Pace(lease=6.0, heartbeat=2.0, reconcile=2.0)


def main() -> int:
    """Run what the arguments say; 0 when nothing was violated."""
    arguments = _read_arguments()
    pace = SHORT_PACE if arguments.short_leases else Pace()
    seed = arguments.seed if arguments.seed is not None else time.time_ns() % 1_000_000
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.chmod(0o755)
    is_good = False
    try:
        machine = describe_machine()
        outcomes: list[Outcome] = []
        try:
            _run(arguments, pace, seed, folder, outcomes)
        finally:
            # When the run itself breaks, what it has shown by then is told as well.
            report = build_report(outcomes)
            print_report(report)
        if arguments.results:
            write_chaos_results(arguments.results, machine, outcomes, report)
        is_good = report.is_good
    finally:
        if is_good:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            say(f"Logs and data are kept in {folder}.")
    return 0 if is_good else 1


def _run(
    arguments: argparse.Namespace, pace: Pace, seed: int, folder: Path, outcomes: list[Outcome]
) -> None:
    for_loss, for_wipe = find_targets(pace)
    say(
        f"Seed {seed}.  Lease {pace.lease:g} s, heartbeat {pace.heartbeat:g} s, reconciler"
        f" {pace.reconcile:g} s"
        f" ({_name_pace(pace)});"
        f" targets: p95 {for_loss:g} s after a lost worker, {for_wipe:g} s after a wiped broker."
    )
    rng = random.Random(f"{seed} recordings")
    recordings = gather_recordings(arguments.clips, rng, short=arguments.short, long=arguments.long)
    rng.shuffle(recordings)
    started = time.monotonic()
    reference = transcribe_undisturbed(folder / "reference", recordings)
    length = sum(each.seconds for each in recordings)
    say(
        f"{len(recordings)} recordings of {length:.0f} s were transcribed undisturbed"
        f" in {time.monotonic() - started:.0f} s."
    )
    for name in arguments.combinations.split(","):
        database, broker = name.split("+")
        plan = Plan(
            database=database,
            broker=broker,
            jobs=arguments.jobs,
            faults=arguments.faults,
            seconds=arguments.seconds,
            seed=seed,
            pace=pace,
            source=arguments.source,
        )
        outcome = run_combination(plan, folder / name, recordings, reference)
        outcomes.append(outcome)
        told = len(outcome.findings.list_all())
        say(f"{name}: {outcome.seconds:.0f} s, {told} violations.")


def _name_pace(pace: Pace) -> str:
    return "the defaults" if pace == Pace() else "shorter than the defaults"


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="chaos", description=__doc__)
    parser.add_argument("--combinations", default=EVERY_COMBINATION)
    parser.add_argument("--jobs", type=int, default=12, help="for each combination")
    parser.add_argument("--faults", type=int, default=15, help="for each combination")
    parser.add_argument("--seconds", type=float, default=45, help="over which they are spread")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--short", type=int, default=6, help="different short recordings")
    parser.add_argument("--long", type=int, default=1, help="different recordings of several spans")
    parser.add_argument("--short-leases", action="store_true")
    parser.add_argument("--clips", type=Path, default=REPOSITORY.parent / "shared" / "clips")
    parser.add_argument("--results", default="", help="name of the files in benchmarks/results")
    parser.add_argument("--source", type=Path, default=None, help="another package to run")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""`python -m chaos.scenarios [NAME…]`: play the scenarios, each over fresh servers, and judge them.

Needs root: some mount a small disk or make hosts of their own.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from chaos.recordings import gather_recordings
from chaos.reference import transcribe_undisturbed
from chaos.report import say
from chaos.scenarios.clocks import shift_clocks
from chaos.scenarios.disks import break_disk, fill_disk
from chaos.scenarios.neighbours import suffer_others
from chaos.scenarios.partitions import cut_hosts
from chaos.scenarios.rollouts import restart_one_by_one
from chaos.scenarios.stage import Material
from chaos.stack import REPOSITORY
from results_files import describe_machine, write_results

Scenario = Callable[[Material], str]
SCENARIOS: dict[str, Scenario] = {
    "failing-disk-sqlite": lambda material: break_disk(material, "embedded"),
    "failing-disk-postgresql": lambda material: break_disk(material, "servers"),
    "full-disk-sqlite": lambda material: fill_disk(material, "embedded"),
    "full-disk-postgresql": lambda material: fill_disk(material, "servers"),
    "clocks": lambda material: shift_clocks(material, "servers"),
    "others-sqlite": lambda material: suffer_others(material, "embedded"),
    "others-postgresql": lambda material: suffer_others(material, "servers"),
    "rolling-restart": restart_one_by_one,
    "partitions-redis": lambda _material: cut_hosts("redis"),
    "partitions-rabbitmq": lambda _material: cut_hosts("rabbitmq"),
}


def main() -> int:
    """Play what the arguments name; 0 when everything held."""
    parser = argparse.ArgumentParser(prog="chaos.scenarios", description=__doc__)
    parser.add_argument("--clips", type=Path, default=REPOSITORY.parent / "shared" / "clips")
    parser.add_argument("--seed", type=int, default=1, help="of the recordings that are drawn")
    parser.add_argument("--results", default="", help="name of the files in benchmarks/results")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(SCENARIOS))
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(SCENARIOS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    machine = describe_machine()
    folder = Path(tempfile.mkdtemp(prefix="chaos-scenarios-"))
    folder.chmod(0o755)
    recordings = gather_recordings(arguments.clips, random.Random(arguments.seed), short=3, long=1)
    reference = transcribe_undisturbed(folder / "reference", recordings)
    material = Material(folder=folder, recordings=recordings, reference=reference)
    outcomes = [_play(name, material) for name in arguments.names or SCENARIOS]
    is_good = all(each.is_good for each in outcomes)
    if arguments.results:
        figures = {"machine": machine, "scenarios": [asdict(each) for each in outcomes]}
        write_results(arguments.results, figures, _write_report(outcomes))
    if is_good:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        say(f"Logs and data are kept in {folder}.")
    return int(not is_good)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one scenario ended, in a sentence."""

    name: str
    seconds: float
    is_good: bool
    told: str


def _play(name: str, material: Material) -> Outcome:
    started = time.monotonic()
    is_good = True
    try:
        told = SCENARIOS[name](replace(material, folder=material.folder / name))
    except Exception as error:  # noqa: BLE001 -- the other scenarios are played all the same
        is_good = False
        told = f"VIOLATION {type(error).__name__}: {error}"
    outcome = Outcome(name, round(time.monotonic() - started, 1), is_good, told)
    say(f"{name} ({outcome.seconds:.0f} s): {told}")
    return outcome


def _write_report(outcomes: list[Outcome]) -> str:
    rows = [
        f"| {each.name} | {'held' if each.is_good else '**violated**'} | {each.seconds:.0f} "
        f"| {each.told} |"
        for each in outcomes
    ]
    heads = ["# Scenarios", "", "| Scenario | | seconds | What happened |", "|---|---|---|---|"]
    return "\n".join([*heads, *rows])


if __name__ == "__main__":
    sys.exit(main())

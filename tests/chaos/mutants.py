"""`python -m chaos.mutants`: without a protection the chaos must find something.

Each mutant is the package with a protection taken out, run under the faults that it protects from.
The same run over the package as it is must find nothing, or the finding would prove nothing.
"""

import argparse
import random
import shutil
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import transcriber
from chaos.combination import Plan, run_combination
from chaos.faults import claims, power, workers
from chaos.recordings import Recording, gather_recordings
from chaos.reference import Segments, transcribe_undisturbed
from chaos.report import say
from chaos.scene import Pace
from chaos.stack import REPOSITORY

PACKAGE = Path(transcriber.__file__).parent
PACE = Pace(lease=6.0, heartbeat=2.0, reconcile=2.0)


@dataclass(frozen=True, slots=True)
class Edit:
    """One replacement of text, which must occur exactly `count` times."""

    file: str
    old: str
    new: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Mutant:
    """A protection taken out, and the run that must find it missing."""

    name: str
    edits: tuple[Edit, ...]
    plan: Plan


MUTANTS = (
    Mutant(
        "without the fence",
        (
            Edit(
                "jobs/claims.py",
                " or job.state != JobState.RUNNING or job.generation != claim.generation",
                "",
            ),
            Edit(
                "jobs/claims.py",
                " or span.state != SpanState.RUNNING or span.attempt != claim.attempt",
                "",
            ),
            # The heartbeat compares the attempt as well, and would stop most zombies first.
            Edit("jobs/lease.py", "        SpanRow.attempt == claim.attempt,\n", ""),
        ),
        Plan(
            database="postgresql",
            broker="embedded",
            jobs=6,
            faults=3,
            seconds=30,
            seed=11,
            pace=PACE,
            only={workers.stop_worker_until_replaced: 1},
        ),
    ),
    Mutant(
        "without SKIP LOCKED",
        (
            Edit("jobs/claiming.py", "with_for_update(skip_locked=True)", "with_for_update()"),
            Edit(
                "jobs/claiming.py",
                "with_for_update(skip_locked=True, of=Job)",
                "with_for_update(of=Job)",
            ),
        ),
        Plan(
            database="postgresql",
            broker="embedded",
            jobs=10,
            faults=1,
            seconds=8,
            seed=12,
            pace=PACE,
            only={claims.stop_claiming_worker_and_watch: 1},
        ),
    ),
    Mutant(
        "without fsync before the commit",
        (
            Edit(
                "infra/storage/local_writer.py",
                "            os.fsync(descriptor)\n            self._check_size",
                "            self._check_size",
            ),
        ),
        Plan(
            database="sqlite",
            broker="embedded",
            jobs=6,
            faults=2,
            seconds=15,
            seed=13,
            pace=PACE,
            only={power.cut_power: 1},
            has_power_cuts=True,
        ),
    ),
)


def mutate(mutant: Mutant, folder: Path) -> Path:
    """Copy the package and take the protection out; gives the folder that holds the package.

    Raises:
        SystemExit: when the text to replace is not there exactly as often as expected.
    """
    package = folder / "transcriber"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    for edit in mutant.edits:
        path = package / edit.file
        text = path.read_text()
        if text.count(edit.old) != edit.count:
            raise SystemExit(f"{edit.file} has {text.count(edit.old)} times: {edit.old!r}")
        path.write_text(text.replace(edit.old, edit.new))
    return folder


def main() -> int:
    """Run every mutant beside its original; 0 when each original is green and each mutant red."""
    parser = argparse.ArgumentParser(prog="chaos.mutants", description=__doc__)
    parser.add_argument("--clips", type=Path, default=REPOSITORY.parent / "shared" / "clips")
    parser.add_argument("--only", default="", help="part of a mutant's name")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="chaos-mutants-"))
    folder.chmod(0o755)
    try:
        recordings = gather_recordings(arguments.clips, random.Random(1), short=4, long=1)
        reference = transcribe_undisturbed(folder / "reference", recordings)
        chosen = [each for each in MUTANTS if arguments.only in each.name]
        results = [
            _try_mutant(each, folder / f"mutant-{number}", recordings, reference)
            for number, each in enumerate(chosen)
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if all(results) else 1


def _try_mutant(
    mutant: Mutant, folder: Path, recordings: list[Recording], reference: dict[str, Segments]
) -> bool:
    folder.mkdir()
    source = mutate(mutant, folder / "source")
    original = _find_violations(mutant.plan, folder / "original", recordings, reference)
    mutated = replace(mutant.plan, source=source)
    found = _find_violations(mutated, folder / "mutated", recordings, reference)
    is_caught = bool(found) and not original
    say(f"{mutant.name}: {'caught' if is_caught else 'NOT CAUGHT'}")
    for violation in original:
        say(f"  the original, too: {violation}")
    for violation in found[:5]:
        say(f"  {violation}")
    return is_caught


def _find_violations(
    plan: Plan, folder: Path, recordings: list[Recording], reference: dict[str, Segments]
) -> list[str]:
    outcome = run_combination(plan, folder, recordings, reference)
    faults = ", ".join(f"{n} {kind}" for kind, n in outcome.count_kinds().items())
    say(f"  {folder.name}: {faults} over {outcome.jobs} jobs in {outcome.seconds:.0f} s")
    return outcome.findings.list_all()


if __name__ == "__main__":
    sys.exit(main())

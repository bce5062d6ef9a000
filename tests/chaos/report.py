"""The run in a table, and the verdict."""

import sys

from chaos.combination import Outcome
from chaos.recovery import find_percentile
from chaos.scene import Pace

HEADINGS = (
    "combination",
    "faults",
    "jobs",
    "lost",
    "dupl.",
    "wrong",
    "broken",
    "redone/kill",
    "kill p50/p95",
    "wipe p50/p95",
    "seconds",
)
MOST_REDONE_PER_KILL = 1.0


def find_targets(pace: Pace) -> tuple[float, float]:
    """Seconds within which 95 % of lost spans and of lost tokens are made good.

    With the product's defaults these are 45 and 20.
    """
    return pace.lease + pace.reconcile + 5, pace.reconcile + 10


def list_missed_targets(outcome: Outcome) -> list[str]:
    """The targets of recovery that a combination missed, one sentence each."""
    for_loss, for_wipe = find_targets(outcome.plan.pace)
    missed: list[str] = []
    for what, values, target in (
        ("a lost worker's span", outcome.losses.alone, for_loss),
        ("a waiting job after the broker's loss", outcome.wipes, for_wipe),
    ):
        found = find_percentile(values, 0.95)
        if found is not None and found > target:
            missed.append(f"p95 until {what} was claimed is {found:.1f} s, not {target:.0f} s")
    if outcome.recomputed.worst > MOST_REDONE_PER_KILL:
        missed.append(f"one lost worker cost {outcome.recomputed.worst:.1f} spans")
    return missed


def print_report(outcomes: list[Outcome]) -> bool:
    """Print everything; tells whether nothing was violated and no target missed."""
    is_good = True
    for outcome in outcomes:
        say(f"\n{outcome.plan.name} (seed {outcome.plan.seed})")
        say("  faults: " + ", ".join(f"{n} {kind}" for kind, n in outcome.faults.items()))
        say(f"  answers: {outcome.answers}")
        redone = outcome.recomputed
        say(
            f"  spans done again: {redone.by_losses} for {redone.lost_workers} lost workers,"
            f" {redone.by_drains} by drains, {redone.by_database} by database faults;"
            f" files without a row before the collection: {outcome.strays}"
        )
        if outcome.losses.disturbed:
            say(
                f"  claimed again across an outage of the whole: {len(outcome.losses.disturbed)},"
                f" the slowest after {max(outcome.losses.disturbed):.1f} s"
            )
        problems = outcome.findings.list_all() + list_missed_targets(outcome)
        is_good = is_good and not problems
        for problem in problems:
            say(f"  VIOLATION {problem}")
    say("")
    rows = [HEADINGS, *(_build_row(outcome) for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    for row in rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    total = sum(sum(outcome.faults.values()) for outcome in outcomes)
    jobs = sum(outcome.jobs for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    verdict = "nothing was violated" if is_good else "VIOLATED"
    say(f"{total} faults over {jobs} jobs in {seconds:.0f} s: {verdict}.")
    return is_good


def _build_row(outcome: Outcome) -> tuple[str, ...]:
    found = outcome.findings
    redone = outcome.recomputed
    return (
        outcome.plan.name,
        str(sum(outcome.faults.values())),
        str(outcome.jobs),
        str(len(found.lost)),
        str(len(found.duplicated)),
        str(len(found.wrong)),
        str(len(found.broken)),
        f"{redone.by_losses / redone.lost_workers:.2f}" if redone.lost_workers else "-",
        _show_pair(outcome.losses.alone),
        _show_pair(outcome.wipes),
        f"{outcome.seconds:.0f}",
    )


def _show_pair(values: list[float]) -> str:
    middle, late = find_percentile(values, 0.5), find_percentile(values, 0.95)
    if middle is None or late is None:
        return "-"
    return f"{middle:.1f}/{late:.1f} ({len(values)})"


def say(text: str) -> None:
    """One line to whoever watches, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()

"""The run in tables, and the verdict."""

import sys
from dataclasses import dataclass

from chaos.combination import Outcome
from chaos.recovery import find_percentile
from chaos.targets import list_missed_targets

HEADINGS = (
    "combination",
    "faults",
    "jobs",
    "lost",
    "duplicated",
    "wrong",
    "broken",
    "redone per kill (most)",
    "kill p50/p95 s",
    "wipe p50/p95 s",
    "seconds",
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run showed.

    Attributes:
        details: Lines about each combination.
        problems: Violations and missed targets, one sentence each.
        rows: The table: headings, a row for each combination, the totals.
        verdict: In one line.
    """

    details: list[str]
    problems: list[str]
    rows: list[tuple[str, ...]]
    verdict: str

    @property
    def is_good(self) -> bool:
        """Whether nothing was violated and no target missed."""
        return not self.problems


def build_report(outcomes: list[Outcome]) -> Report:
    """Judge the combinations."""
    details = [line for outcome in outcomes for line in _describe(outcome)]
    problems = [
        f"{outcome.plan.name}: {finding}"
        for outcome in outcomes
        for finding in outcome.findings.list_all()
    ]
    problems += list_missed_targets(outcomes)
    total = _build_total(outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    verdict = (
        f"{total[1]} faults over {total[2]} jobs in {seconds:.0f} s: {total[3]} lost,"
        f" {total[4]} duplicated, {total[5]} wrong, {len(problems)} violations in all."
    )
    return Report(
        details=details,
        problems=problems,
        rows=[HEADINGS, *(_build_row(outcome) for outcome in outcomes), total],
        verdict=verdict,
    )


def print_report(report: Report) -> None:
    """Print everything."""
    for line in report.details:
        say(line)
    for problem in report.problems:
        say(f"VIOLATION {problem}")
    say("")
    widths = [max(len(row[column]) for row in report.rows) for column in range(len(HEADINGS))]
    for row in report.rows:
        say("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    say(report.verdict)


def say(text: str) -> None:
    """One line to whoever watches, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _describe(outcome: Outcome) -> list[str]:
    redone = outcome.recomputed
    return [
        f"\n{outcome.plan.name} (seed {outcome.plan.seed})",
        "  faults: " + ", ".join(f"{n} {kind}" for kind, n in outcome.count_kinds().items()),
        f"  answers: {outcome.answers}",
        (
            f"  spans done again: {redone.by_losses} for {redone.lost_workers} lost workers,"
            f" {redone.by_drains} by drains, {redone.by_database} by database faults;"
            f" files without a row before the collection: {outcome.strays}"
        ),
        (
            "  claimed across an outage of service, database or broker, p50/p95 s:"
            f" after kills {_show_pair(outcome.losses.disturbed)},"
            f" after wipes {_show_pair(outcome.wipes.disturbed)}"
        ),
        "  seconds: " + ", ".join(f"{n:.0f} {phase}" for phase, n in outcome.phases.items()),
    ]


def _build_row(outcome: Outcome) -> tuple[str, ...]:
    found = outcome.findings
    redone = outcome.recomputed
    return (
        outcome.plan.name,
        str(len(outcome.faults)),
        str(outcome.jobs),
        str(len(found.lost)),
        str(len(found.duplicated)),
        str(len(found.wrong)),
        str(len(found.broken)),
        _show_redone(redone.by_losses, redone.lost_workers, redone.worst),
        _show_pair(outcome.losses.alone),
        _show_pair(outcome.wipes.alone),
        f"{outcome.seconds:.0f}",
    )


def _build_total(outcomes: list[Outcome]) -> tuple[str, ...]:
    """Sums; of the percentiles those of the worst combination."""
    return (
        "total, worst p95",
        str(sum(len(each.faults) for each in outcomes)),
        str(sum(each.jobs for each in outcomes)),
        str(sum(len(each.findings.lost) for each in outcomes)),
        str(sum(len(each.findings.duplicated) for each in outcomes)),
        str(sum(len(each.findings.wrong) for each in outcomes)),
        str(sum(len(each.findings.broken) for each in outcomes)),
        _show_redone(
            sum(each.recomputed.by_losses for each in outcomes),
            sum(each.recomputed.lost_workers for each in outcomes),
            max((each.recomputed.worst for each in outcomes), default=0.0),
        ),
        _show_worst([each.losses.alone for each in outcomes]),
        _show_worst([each.wipes.alone for each in outcomes]),
        f"{sum(each.seconds for each in outcomes):.0f}",
    )


def _show_redone(redone: int, workers: int, most: float) -> str:
    return f"{redone / workers:.2f} ({most:.1f})" if workers else "-"


def _show_pair(values: list[float]) -> str:
    middle, late = find_percentile(values, 0.5), find_percentile(values, 0.95)
    if middle is None or late is None:
        return "-"
    return f"{middle:.1f}/{late:.1f} ({len(values)})"


def _show_worst(lists: list[list[float]]) -> str:
    found = [late for values in lists if (late := find_percentile(values, 0.95)) is not None]
    return f"{max(found):.1f} ({sum(map(len, lists))})" if found else "-"

"""A run's figures, kept beside those of the benchmarks."""

from collections.abc import Iterable
from typing import Any

from chaos.combination import Outcome
from chaos.journal import Fault
from chaos.report import Report
from chaos.targets import find_targets
from results_files import write_results


def write_chaos_results(
    name: str, machine: dict[str, Any], outcomes: list[Outcome], report: Report
) -> None:
    """Write the tables as Markdown, and every figure and fault as JSON."""
    figures = {
        "machine": machine,
        "seed": outcomes[0].plan.seed,
        "verdict": report.verdict,
        "problems": report.problems,
        "combinations": [_describe(outcome) for outcome in outcomes],
    }
    write_results(name, figures, _write_markdown(machine, outcomes, report))


def _write_markdown(machine: dict[str, Any], outcomes: list[Outcome], report: Report) -> str:
    plan = outcomes[0].plan
    pace = plan.pace
    for_loss, for_wipe = find_targets(pace)
    kinds: dict[str, int] = {}
    for outcome in outcomes:
        for kind, count in outcome.count_kinds().items():
            kinds[kind] = kinds.get(kind, 0) + count
    return "\n".join(
        [
            "# Real faults against the real processes",
            "",
            report.verdict,
            "",
            *_write_table(report.rows[0], report.rows[1:]),
            "",
            (
                f"Seed {plan.seed}; {plan.workers} workers on {machine['cores']} cores, lease"
                f" {pace.lease:g} s, heartbeat {pace.heartbeat:g} s, reconciler"
                f" {pace.reconcile:g} s. Targets: 95 % of lost spans are claimed again within"
                f" {for_loss:g} s of the kill, a waiting job within {for_wipe:g} s of a wiped"
                " broker; a kill costs one span at most. In brackets behind percentiles: how often"
                " it was measured."
            ),
            "",
            *_write_table(
                ("fault", "times"), sorted((kind, str(count)) for kind, count in kinds.items())
            ),
            "",
            *(f"- VIOLATION {problem}" for problem in report.problems),
        ]
    )


def _write_table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [headings, tuple("---" for _ in headings), *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def _describe(outcome: Outcome) -> dict[str, Any]:
    redone = outcome.recomputed
    return {
        "name": outcome.plan.name,
        "jobs": outcome.jobs,
        "seconds": {phase: round(seconds, 1) for phase, seconds in outcome.phases.items()},
        "answers": outcome.answers,
        "lost_workers": redone.lost_workers,
        "spans_redone": {
            "by_losses": redone.by_losses,
            "by_drains": redone.by_drains,
            "by_database": redone.by_database,
            "most_by_one_lost_worker": redone.worst,
        },
        "kill_recovery_seconds": _round(outcome.losses.alone),
        "kill_recovery_seconds_across_outages": _round(outcome.losses.disturbed),
        "wipe_recovery_seconds": _round(outcome.wipes.alone),
        "wipe_recovery_seconds_across_outages": _round(outcome.wipes.disturbed),
        "violations": outcome.findings.list_all(),
        "faults": [_describe_fault(fault, outcome.started_at) for fault in outcome.faults],
    }


def _describe_fault(fault: Fault, started_at: float) -> dict[str, Any]:
    return {
        "kind": fault.kind,
        "at": round(fault.at - started_at, 1),
        "until": None if fault.until is None else round(fault.until - started_at, 1),
        "detail": fault.detail,
        "recovered_after": _round(fault.recovered_after),
    }


def _round(values: list[float]) -> list[float]:
    return [round(value, 1) for value in values]

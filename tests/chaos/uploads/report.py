"""The run in one table, and the verdict."""

from collections import Counter
from dataclasses import dataclass

from chaos.uploads.plan import Outcome
from chaos.uploads.sendings import Fate

RULE = (
    "A cut connection is one fault, a SIGKILL of the API one for each upload in flight: each client"
    " has one connection, and several send at once. A chunk counts as sent again when its body was"
    " begun once more, whether or not the service still refused it as busy."
)


@dataclass(frozen=True, slots=True)
class Report:
    """What a run showed.

    Attributes:
        rows: The table: headings, then a row for each figure and a column for each leg.
        problems: What did not hold, one sentence each.
        verdict: In one line.
    """

    rows: list[tuple[str, ...]]
    problems: list[str]
    verdict: str

    @property
    def is_good(self) -> bool:
        """Whether everything held."""
        return not self.problems


def build_report(outcomes: list[Outcome]) -> Report:
    """Judge the legs."""
    faults: Counter[str] = Counter()
    for outcome in outcomes:
        faults += outcome.faults
    columns = [_build_column(outcome, sorted(faults)) for outcome in outcomes]
    rows = [("", *(outcome.plan.name for outcome in outcomes))]
    rows += [(name, *(column[name] for column in columns)) for name in (columns or [{}])[0]]
    problems = [
        f"{outcome.plan.name}: {problem}" for outcome in outcomes for problem in _judge(outcome)
    ]
    completed = sum(count_completed(outcome) for outcome in outcomes)
    verdict = (
        f"{faults.total()} faults over {sum(len(each.sendings) for each in outcomes)} uploads:"
        f" {sum(each.matches for each in outcomes)} of {completed} recordings have the SHA-256 of"
        f" what was sent, {sum(len(each.after.dangling) for each in outcomes)} dangling rows and"
        f" {sum(len(each.after.orphans) for each in outcomes)} orphaned files are left,"
        f" {len(problems)} violations in all."
    )
    return Report(rows, problems, verdict)


def count_completed(outcome: Outcome) -> int:
    """Uploads that their clients wanted completed, at once or late."""
    return sum(each.fate in {Fate.COMPLETE, Fate.LATE} for each in outcome.sendings)


def count_hits(outcome: Outcome) -> int:
    """Faults, a kill counted once for each upload whose connection it took."""
    return sum(each.hits.total() + each.other_hits for each in outcome.sendings)


def _build_column(outcome: Outcome, kinds: list[str]) -> dict[str, str]:
    sendings = outcome.sendings
    fates = Counter(each.fate for each in sendings)
    sent = sum(each.sent.total() for each in sendings)
    resent = sum(each.resent for each in sendings)
    return {
        **{kind: str(outcome.faults[kind]) for kind in kinds},
        "faults by connections in flight": str(count_hits(outcome)),
        "in flight at the kills": ", ".join(
            f"{count} {what}" for what, count in sorted(outcome.struck.items())
        )
        or "-",
        "uploads": str(len(sendings)),
        **{f"uploads {fate}": str(fates[fate]) for fate in Fate},
        "MB sent": f"{sum(each.size_bytes for each in sendings) / 1e6:.0f}",
        "chunks sent": str(sent),
        "chunks sent again": str(resent),
        "of these refused as busy": str(sum(each.busy for each in sendings)),
        "chunks sent again more often than struck": str(
            sum(len(each.list_excesses()) for each in sendings)
        ),
        "SHA-256 matches": f"{outcome.matches} of {count_completed(outcome)}",
        "jobs": str(outcome.jobs),
        "left before the rounds: rows, files": (
            f"{len(outcome.before.dangling)}, {len(outcome.before.orphans)}"
        ),
        "found by the rounds": ", ".join(f"{n} {what}" for what, n in outcome.rounds.items()),
        "dangling rows": str(len(outcome.after.dangling)),
        "orphaned files": str(len(outcome.after.orphans)),
        "seconds": f"{outcome.seconds:.0f}",
    }


def _judge(outcome: Outcome) -> list[str]:
    plan = outcome.plan
    problems = [*outcome.problems, *outcome.after.dangling]
    problems += [f"the orphaned file {name}" for name in outcome.after.orphans]
    completed = count_completed(outcome)
    if outcome.matches != completed:
        problems.append(f"only {outcome.matches} of {completed} recordings have their bytes")
    jobs = {each.job_id for each in outcome.sendings if each.job_id}
    if not len(jobs) == outcome.jobs == completed:
        problems.append(f"{outcome.jobs} jobs, {len(jobs)} of them known, of {completed} uploads")
    wanted = plan.cuts + plan.kills + plan.disk_faults
    if outcome.faults.total() < wanted:
        problems.append(f"only {outcome.faults.total()} of {wanted} faults struck")
    if not plan.disk_faults:
        # A chunk that a failing disk refused, or gave back damaged, is sent again for that.
        problems += [
            f"upload {each.id}: the chunks {each.list_excesses()} were sent again more than once"
            " for a fault"
            for each in outcome.sendings
            if each.list_excesses()
        ]
    return problems

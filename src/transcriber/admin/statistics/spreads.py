"""Exact percentiles of what jobs took.

PostgreSQL would sort the values of each column anew, which takes it longer than to hand them over.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeVar

import numpy as np
from sqlalchemy.orm import Session

from transcriber.admin.statistics.marks import Marks, Spreads
from transcriber.admin.statistics.period import Period
from transcriber.admin.statistics.values import Numbers, read_values

Group = TypeVar("Group")

MEDIAN, HIGH = 50, 95


def measure_spreads(session: Session, period: Period) -> Spreads:
    """Measure the jobs completed in the period; each takes 24 bytes meanwhile."""
    waits: list[Numbers] = []
    runs: list[Numbers] = []
    factors: defaultdict[tuple[str, str], list[Numbers]] = defaultdict(list)
    for values in read_values(session, period):
        waits.append(values.wait)
        runs.append(values.run)
        if values.device is not None:
            factors[values.model, values.device].append(values.factor)
    wait, run = _join(waits), _join(runs)
    return Spreads(
        durations=_mark_each({"wait": wait, "run": run, "total": wait + run}),
        factors=_mark_each({kind: _join(found) for kind, found in factors.items()}),
    )


def _join(parts: Sequence[Numbers]) -> Numbers:
    return np.concatenate([np.zeros(0), *parts])


def _mark_each(groups: Mapping[Group, Numbers]) -> dict[Group, Marks]:
    return {group: _mark(values) for group, values in groups.items() if len(values)}


def _mark(values: Numbers) -> Marks:
    median, high = np.percentile(values, (MEDIAN, HIGH))
    return Marks(
        count=len(values),
        average=float(values.mean()),
        median=float(median),
        p95=float(high),
        longest=float(values.max()),
    )

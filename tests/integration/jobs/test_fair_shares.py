"""How long a newcomer waits behind another owner's backlog, counted in slices."""

import heapq
import sys

import pytest

from job_builders import add_job, must_claim, store_plan, store_span
from transcriber.infra.context import Context
from transcriber.jobs.claims import Claim

BACKLOG = 100
SPANS = 3
ALLOWED_SLICES = 2


class Workers:
    """Workers that take one unit of time for each slice, each beginning at its own moment."""

    def __init__(self, context: Context, count: int) -> None:
        self._context = context
        self.now = 0.0
        # When each ends its slice, which worker that is, and what it holds.
        self._busy = [
            (1 + number / count, number, must_claim(context, f"w{number}"))
            for number in range(count)
        ]
        heapq.heapify(self._busy)

    def take_next(self) -> Claim:
        """End the slice that ends first, and claim what comes next, as the runner does."""
        self.now, number, held = heapq.heappop(self._busy)
        if held.is_plan:
            store_plan(self._context, held, SPANS)
        else:
            store_span(self._context, held)
        claim = must_claim(self._context, held.worker)
        heapq.heappush(self._busy, (self.now + 1, number, claim))
        return claim


@pytest.mark.parametrize("workers", [1, 2, 8])
def test_a_newcomer_starts_at_most_two_slices_behind_a_backlog(
    context: Context, workers: int
) -> None:
    for _ in range(BACKLOG):
        add_job(context, "a")
    fleet = Workers(context, workers)
    # The backlog is well under way: some of its jobs are planned, some done.
    for _ in range(4 * workers):
        assert fleet.take_next().user_id == "a"
    job_id = add_job(context, "b")
    submitted = fleet.now
    begun = 0
    planned_at: float | None = None
    while True:
        claim = fleet.take_next()
        if claim.job_id != job_id:
            begun += 1
        elif claim.is_plan:
            planned_at = fleet.now
        else:
            break
    assert planned_at is not None
    # Its own planning is a slice too, and none that it waits behind.
    behind = fleet.now - submitted - 1
    sys.stdout.write(
        f"{workers} workers: planned {planned_at - submitted:g} slices after the submission, "
        f"the first span {behind:g} slices of others behind; they began {begun}.\n"
    )
    assert planned_at - submitted <= 1
    assert behind <= ALLOWED_SLICES
    assert begun <= ALLOWED_SLICES * workers

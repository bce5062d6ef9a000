"""How soon work must go on after a fault, and when measured times say that it did not."""

from math import comb

from chaos.combination import Outcome
from chaos.recovery import find_percentile
from chaos.scene import Pace

SHARE = 0.95
FEWEST_FOR_A_PERCENTILE = 20
"""Of fewer values the 95th percentile is simply the slowest."""
CHANCE = 0.01
SLOWEST_IN_TARGETS = 3.0
MOST_REDONE_PER_KILL = 1.0


def find_targets(pace: Pace) -> tuple[float, float]:
    """Seconds within which 95 % of lost spans and of lost tokens are made good.

    With the product's defaults these are 45 and 20.
    """
    return pace.lease + pace.reconcile + 5, pace.reconcile + 10


def list_missed_targets(outcomes: list[Outcome]) -> list[str]:
    """The targets of recovery that the combinations missed, alone or together, a sentence each."""
    missed: list[str] = []
    for outcome in outcomes:
        plan = outcome.plan
        missed += _judge(plan.name, outcome.losses.alone, outcome.wipes.alone, plan.pace)
        worst = outcome.recomputed.worst
        if worst > MOST_REDONE_PER_KILL:
            missed.append(f"{plan.name}: one lost worker cost {worst:.1f} spans")
    if len(outcomes) > 1:
        losses = [each for outcome in outcomes for each in outcome.losses.alone]
        wipes = [each for outcome in outcomes for each in outcome.wipes.alone]
        missed += _judge("all together", losses, wipes, outcomes[0].plan.pace)
    return missed


def describe_miss(values: list[float], target: float) -> str | None:
    """Why these times show that their 95th percentile is above the target, or None.

    From 20 values on it is the percentile itself that counts.  Fewer cannot show one: of two values
    at the target exactly, one is above it in every tenth run.  There it is a miss when so many late
    ones would come by chance in less than one of a hundred runs, and when one is very late.
    """
    slowest = max(values, default=0.0)
    if slowest > SLOWEST_IN_TARGETS * target:
        return f"{slowest:.1f} s, far beyond {target:.0f} s"
    if len(values) >= FEWEST_FOR_A_PERCENTILE:
        found = find_percentile(values, SHARE)
        return f"p95 {found:.1f} s, not {target:.0f} s" if found and found > target else None
    late = sum(value > target for value in values)
    if late and find_chance(late, len(values)) < CHANCE:
        return f"more than {target:.0f} s in {late} of {len(values)} times"
    return None


def find_chance(late: int, count: int) -> float:
    """How likely so many of `count` or more are late when each is with the chance of 5 %."""
    rest = 1 - SHARE
    return sum(comb(count, n) * rest**n * SHARE ** (count - n) for n in range(late, count + 1))


def _judge(name: str, losses: list[float], wipes: list[float], pace: Pace) -> list[str]:
    for_loss, for_wipe = find_targets(pace)
    told: list[str] = []
    for what, values, target in (
        ("a lost worker's span", losses, for_loss),
        ("a waiting job after the broker's loss", wipes, for_wipe),
    ):
        miss = describe_miss(values, target)
        if miss is not None:
            told.append(f"{name}: until {what} was claimed: {miss}")
    return told

"""The parts of the chaos that judge: which faults a seed draws, and what a number means."""

import random

import pytest

from chaos.journal import Fault, Journal
from chaos.observer import Claiming
from chaos.recovery import explain_attempts, find_percentile, measure_losses, measure_wipes
from chaos.rows import Span, find_latest
from chaos.schedule import EVERYWHERE, ON_SQLITE, Appointment, draw_schedule
from chaos.targets import describe_miss, find_chance

KEY = ("job", 1, 0)


class Watched:
    """What an observer saw."""

    def __init__(self, *starts: float) -> None:
        self.claims = {
            (KEY, number): Claiming(start, start + 1, "worker")
            for number, start in enumerate(starts, 1)
        }

    def find_claim_after(self, key: tuple[str, int, int], attempt: int) -> float | None:
        found = [claim.started_at for (_, n), claim in self.claims.items() if n > attempt]
        return min(found, default=None)


def hold(attempt: int) -> Span:
    return Span(KEY, attempt, "running", "worker", None, None, 0)


def draw(seed: int) -> list[Appointment]:
    return draw_schedule(random.Random(seed), faults=40, seconds=100, is_sqlite=True)


def test_a_span_given_up_with_the_database_is_not_what_its_worker_works_on() -> None:
    left = Span(("job", 1, 0), 1, "running", "one", None, 10.0, 0)
    taken = Span(("job", 1, 1), 1, "running", "one", None, 20.0, 0)
    of_another = Span(("other", 1, 0), 2, "running", "two", None, 5.0, 0)
    assert find_latest([taken, left, of_another]) == [taken, of_another]


def test_a_seed_draws_the_same_faults_again() -> None:
    assert draw(1) == draw(1)
    assert draw(1) != draw(2)


def test_every_kind_of_fault_strikes_where_there_is_room() -> None:
    drawn = draw(3)
    assert {each.strike for each in drawn} == set(ON_SQLITE) | set(EVERYWHERE)
    assert [each.at for each in drawn] == sorted(each.at for each in drawn)
    assert drawn[-1].at <= 100


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(number) for number in range(1, 21)]
    assert find_percentile(values, 0.5) == 10
    assert find_percentile(values, 0.95) == 19
    assert find_percentile([7.0], 0.95) == 7
    assert find_percentile([], 0.95) is None


def test_from_twenty_values_on_the_percentile_itself_counts() -> None:
    assert describe_miss([10.0] * 19 + [30.0], 13) is None
    assert describe_miss([10.0] * 18 + [14.0] * 2, 13) == "p95 14.0 s, not 13 s"


def test_few_values_miss_a_target_when_chance_does_not_explain_them() -> None:
    assert describe_miss([], 13) is None
    assert describe_miss([10.0, 20.0], 13) is None
    assert describe_miss([20.0, 20.0], 13) == "more than 13 s in 2 of 2 times"
    assert describe_miss([20.0] * 3 + [1.0] * 7, 13) is None
    assert describe_miss([20.0] * 4 + [1.0] * 6, 13) is not None


def test_one_very_late_recovery_is_a_miss() -> None:
    assert describe_miss([1.0] * 50 + [40.0], 13) == "40.0 s, far beyond 13 s"


def test_the_chance_of_late_ones_is_the_binomial_tail() -> None:
    assert find_chance(0, 7) == pytest.approx(1)
    assert find_chance(1, 2) == pytest.approx(1 - 0.95**2)
    assert find_chance(2, 2) == pytest.approx(0.05**2)


def test_recovery_counts_from_the_loss_and_outages_are_apart() -> None:
    journal = Journal()
    journal.add(Fault(kind="killed", at=100, until=100, workers=1, held=[hold(1)], is_loss=True))
    assert measure_losses(journal, Watched(90, 130)).alone == [30]
    journal.add(Fault(kind="down", at=110, until=112, is_outage=True))
    found = measure_losses(journal, Watched(90, 130))
    assert (found.alone, found.disturbed) == ([], [30])


def test_a_broker_that_is_away_is_an_outage_from_its_end_on() -> None:
    journal = Journal()
    journal.add(Fault(kind="killed", at=100, until=100, workers=1, held=[hold(1)], is_loss=True))
    # Noted when it was back; it went before the loss.
    journal.add(Fault(kind="lost", at=140, until=140, is_wipe=True, away_from=95))
    found = measure_losses(journal, Watched(90, 130))
    assert (found.alone, found.disturbed) == ([], [30])


def test_a_wipe_is_made_good_by_the_first_waiting_job() -> None:
    journal = Journal()
    journal.add(Fault(kind="wiped", at=100, is_wipe=True, waiting=["job"]))
    assert measure_wipes(journal, Watched(90, 104, 120)).alone == [4]
    journal.add(Fault(kind="wiped again", at=102, is_wipe=True))
    found = measure_wipes(journal, Watched(90, 104, 120))
    assert (found.alone, found.disturbed) == ([], [4])


def test_an_attempt_that_ended_for_no_reason_is_told() -> None:
    journal = Journal()
    again = [hold(2)]
    assert len(explain_attempts(journal, Watched(90, 130), again).unexplained) == 1
    journal.add(Fault(kind="killed", at=100, workers=1, held=[hold(1)], is_loss=True))
    explained = explain_attempts(journal, Watched(90, 130), again)
    assert (explained.by_losses, explained.worst, explained.unexplained) == (1, 1, [])

import pytest

from transcriber.jobs.states import MOVES, RETRYABLE, TERMINAL, JobState, can_move

ALLOWED = {
    ("queued", "running"),
    ("queued", "cancelled"),
    ("queued", "failed"),
    ("running", "queued"),
    ("running", "completed"),
    ("running", "failed"),
    ("running", "cancelled"),
    ("running", "quarantined"),
    ("failed", "queued"),
    ("cancelled", "queued"),
    ("quarantined", "queued"),
}


@pytest.mark.parametrize("origin", list(JobState))
@pytest.mark.parametrize("target", list(JobState))
def test_only_the_moves_of_the_failure_model_exist(origin: JobState, target: JobState) -> None:
    assert can_move(origin, target) == ((origin.value, target.value) in ALLOWED)


def test_a_terminal_job_leaves_its_state_only_by_a_retry() -> None:
    for state in TERMINAL:
        expected = {JobState.QUEUED} if state in RETRYABLE else set[JobState]()
        assert MOVES[state] == expected
    assert JobState.COMPLETED not in RETRYABLE

"""A part that is silent costs two seconds and one thread, whoever asks how often."""

import threading
import time

import pytest
from sqlalchemy.exc import OperationalError

from transcriber.admin.system.bounded_checks import NO_ANSWER, BoundedChecks, Outcome
from transcriber.engine.errors import ModelError
from transcriber.infra.errors import StorageFullError


def fail(error: Exception) -> None:
    raise error


def test_all_run_side_by_side() -> None:
    gate = threading.Barrier(3)
    checks = {str(each): lambda each=each: (gate.wait(5), each)[1] for each in range(3)}
    found = BoundedChecks(5).run(checks)
    assert {name: outcome.value for name, outcome in found.items()} == {"0": 0, "1": 1, "2": 2}


def test_a_silent_one_is_waited_for_once_and_asked_once() -> None:
    gate, asked = threading.Event(), []
    checks = BoundedChecks(0.1)

    def look() -> str:
        asked.append(1)
        gate.wait(10)
        return "here"

    before = threading.active_count()
    for _ in range(3):
        began = time.monotonic()
        found = checks.run({"silent": look, "quick": lambda: "quick"})
        assert time.monotonic() - began < 2
        assert found == {"silent": Outcome(None, NO_ANSWER), "quick": Outcome("quick", None)}
    assert len(asked) == 1
    assert threading.active_count() <= before + 1
    gate.set()
    deadline = time.monotonic() + 5
    while checks.run({"silent": look})["silent"].value != "here":
        assert time.monotonic() < deadline


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (OperationalError("SELECT secret", {}, Exception()), "The database does not answer."),
        (StorageFullError("12 bytes are free."), StorageFullError.title),
        (ModelError("The models directory is missing."), "The models directory is missing."),
        (PermissionError(13, "Permission denied"), "It cannot be read: Permission denied."),
        (ValueError("secret"), "The check failed unexpectedly; the log says why."),
    ],
)
def test_a_failure_is_one_sentence_and_never_raised(error: Exception, problem: str) -> None:
    found = BoundedChecks(5).run({"part": lambda: fail(error), "other": lambda: 1})
    assert found == {"part": Outcome(None, problem), "other": Outcome(1, None)}

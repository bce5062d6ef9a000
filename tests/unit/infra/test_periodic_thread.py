import json
import logging
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
import structlog
from sqlalchemy.exc import OperationalError

from service_context import build_settings
from transcriber.infra.logging import configure_logging
from transcriber.infra.periodic import PeriodicThread


@pytest.fixture(autouse=True)
def _restore_logging() -> Generator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_a_failing_round_is_told_in_full_and_the_next_one_comes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logging(build_settings(tmp_path, log_format="json"), process="worker")
    failures = [OperationalError("SELECT 1", {}, Exception("away")), ZeroDivisionError("a fault")]
    has_recovered = threading.Event()

    def act() -> None:
        if failures:
            raise failures.pop(0)
        has_recovered.set()

    thread = PeriodicThread("rounds", 0.01, act)
    thread.start()
    assert has_recovered.wait(10)
    thread.stop()
    outage, fault = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert outage["thread"] == fault["thread"] == "rounds"
    assert "away" in outage["error"]
    assert "exception" not in outage
    assert "ZeroDivisionError: a fault" in fault["exception"]

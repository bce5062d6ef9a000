import json
import logging
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
import structlog

from service_context import build_settings
from transcriber.infra.log_safety import escape_text
from transcriber.infra.logging import configure_logging


@pytest.fixture
def stream(capsys: pytest.CaptureFixture[str]) -> Generator[Callable[[], str]]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield lambda: capsys.readouterr().err
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_every_logger_writes_json_with_the_bound_ids(
    stream: Callable[[], str], tmp_path: Path
) -> None:
    configure_logging(build_settings(tmp_path, log_format="json"), process="worker")
    with structlog.contextvars.bound_contextvars(job_id="j1", request_id="r1"):
        structlog.stdlib.get_logger("ours").info("claimed", span=3)
        logging.getLogger("celery.worker").warning("connected to %s", "redis://:pa55@host/0")
    ours, theirs = (json.loads(line) for line in stream().splitlines())
    assert (ours["event"], ours["span"], ours["job_id"], ours["request_id"]) == (
        *("claimed", 3),
        *("j1", "r1"),
    )
    assert ours["process"] == "worker"
    assert theirs["event"] == "connected to redis://:[redacted]@host/0"
    assert theirs["job_id"] == "j1"


def test_secrets_are_redacted_by_name_and_by_form(
    stream: Callable[[], str], tmp_path: Path
) -> None:
    configure_logging(build_settings(tmp_path, log_format="json"), process="api")
    structlog.stdlib.get_logger().info(
        "canary",
        password="CANARY1",
        headers={"Authorization": "Bearer CANARY2-CANARY2", "accept": "x"},
        text="Authorization: Bearer CANARY3-CANARY3",
        cookie="transcriber_session=CANARY4",
        note="__Host-transcriber_session=CANARY5; Path=/",
        leak=f"somebody sent wt_{'0' * 32}_CANARY6-CANARY6",
    )
    written = stream()
    assert "CANARY" not in written
    assert json.loads(written)["headers"]["accept"] == "x"
    # Which key it was may be read, so that it can be revoked.
    assert json.loads(written)["leak"] == f"somebody sent wt_{'0' * 32}_[redacted]"


def test_a_name_cannot_forge_or_repaint_a_line(stream: Callable[[], str], tmp_path: Path) -> None:
    configure_logging(build_settings(tmp_path, log_format="console"), process="api")
    structlog.stdlib.get_logger().info(
        "received", filename="a\r\n2026 [info] forged\x1b[2J\u202e\u2028b\ud800"
    )
    written = stream()
    assert written.count("\n") == 1
    assert r"\x0a2026 [info] forged" in written
    assert not set(written) & set("\r\x1b\u202e\u2028\ud800")


def test_a_traceback_keeps_its_lines_but_none_can_pass_for_a_log_line(
    stream: Callable[[], str], tmp_path: Path
) -> None:
    configure_logging(build_settings(tmp_path, log_format="console"), process="api")
    try:
        int("bad\n2026 [info] forged\x1b[0m")
    except ValueError:
        structlog.stdlib.get_logger().exception("failed")
    written = stream()
    first, *rest = written.splitlines()
    assert "failed" in first
    assert rest
    assert all(line.startswith("| ") for line in rest)
    assert "\x1b" not in written


def test_escaping_leaves_ordinary_text_alone() -> None:
    assert escape_text("Übung — ok") == "Übung — ok"

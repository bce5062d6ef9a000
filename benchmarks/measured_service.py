"""A service to measure: by itself, or while others misbehave beside the measurement."""

import sys
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from peers_process import REPOSITORY
from running_service import RunningService, run_service

sys.path.insert(0, str(REPOSITORY / "tests"))
from chaos.others import SETTINGS, Others, misbehave

ALONE, DISTURBED = "alone", "disturbed"
DISTURBED_NOTE = (
    "Disturbed: two receivers of webhooks never end their answers, five readers of event streams\n"
    "take nothing, and one more worker is stopped with a span in its hands."
)


def list_conditions(*, is_disturbed: bool) -> list[str]:
    """Under which conditions to measure, the undisturbed one first."""
    return [ALONE, DISTURBED] if is_disturbed else [ALONE]


@contextmanager
def run_measured_service(
    folder: Path,
    recording: Path,
    condition: str,
    *,
    workers: int,
    environment: Mapping[str, str] | None = None,
) -> Generator[tuple[RunningService, Others | None]]:
    """The service with so many workers at work, and who misbehaves beside them.

    Args:
        folder: For its data; made here.
        recording: What the worker that will be stopped holds.
        condition: `ALONE` or `DISTURBED`.
        workers: Beside the one that is stopped.
        environment: Further settings.
    """
    folder.mkdir()
    is_disturbed = condition == DISTURBED
    settings = {**(environment or {}), "WORKER_PROCESSES": str(workers + is_disturbed)}
    if is_disturbed:
        settings |= SETTINGS
    database_url = settings.get("DATABASE_URL", f"sqlite:///{folder / 'transcriber.sqlite3'}")
    address = database_url.replace("postgresql://", "postgresql+psycopg://")
    with ExitStack() as ending:
        service = ending.enter_context(run_service(folder, settings))
        others = None
        if is_disturbed:
            others = ending.enter_context(
                misbehave(service.address, service.headers, address, recording)
            )
        yield service, others

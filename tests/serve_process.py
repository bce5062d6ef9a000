"""`serve` as a process of its own, for tests that talk to it, stop it and kill it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

import psutil

from transcriber.infra.settings import Settings

DEADLINE_SECONDS = 120
SERVE = """
import sys
from transcriber.infra.errors import StartupError
from transcriber.infra.settings import Settings
from transcriber.serving import run_serve
try:
    run_serve(Settings(_env_file=None))
except StartupError as error:
    sys.exit(str(error))
"""


def wait_for(is_true: Callable[[], object], seconds: float = DEADLINE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Service:
    """One run of `serve`; its output lies beside the data directory."""

    def __init__(self, settings: Settings) -> None:
        self.out = settings.data_dir.parent / "out.txt"
        self.err = settings.data_dir.parent / "err.txt"
        with self.out.open("w") as out, self.err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE],
                env={**os.environ, **settings.to_environment()},
                stdout=out,
                stderr=err,
            )

    @property
    def address(self) -> str:
        """Where it listens; empty until it does."""
        found = re.search(r"listens on (http://\S+)", self.out.read_text())
        return found[1] if found else ""

    def list_children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def wait_until_up(self, *, children: int) -> None:
        wait_for(lambda: self.address or self.process.poll() is not None)
        assert self.process.poll() is None, self.err.read_text()
        wait_for(lambda: len(self.list_children()) >= children)


@contextmanager
def serve(settings: Settings) -> Generator[Service]:
    service = Service(settings)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.process.kill()
        service.process.wait()

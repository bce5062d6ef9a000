"""SIGKILL of the API in the middle of uploads, again and again."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable

from chaos.processes import wait_until
from chaos.stack import Stack

LONGEST_LIFE_SECONDS = 1.0
IDLE_SECONDS = 20.0


class Killer:
    """Kills the API a number of times, each time at a random moment after it has come up.

    Attributes:
        kills: How many so far.
        struck: The requests that were in flight, by what they were for.

    Args:
        stack: Whose API; it is started again at once.
        rng: Draws the moments.
        wanted: How many times.
        list_requests: What is in flight now.
    """

    def __init__(
        self, stack: Stack, rng: random.Random, wanted: int, list_requests: Callable[[], list[str]]
    ) -> None:
        self.kills = 0
        self.struck: Counter[str] = Counter()
        self._stack = stack
        self._rng = rng
        self._wanted = wanted
        self._list_requests = list_requests
        self._thread = threading.Thread(target=self._run, name="killer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self) -> None:
        """Wait for the last one, and until the API is there again."""
        self._thread.join()

    @property
    def is_done(self) -> bool:
        """Whether all have struck."""
        return not self._thread.is_alive()

    def measure(self) -> float:
        """How far it is, the next kill included; 1 once the last has struck."""
        return min(1.0, (self.kills + 1) / self._wanted) if self._wanted else 1.0

    def _run(self) -> None:
        while self.kills < self._wanted:
            wait_until(self._stack.is_alive, "the API", pause=0.02)
            time.sleep(self._rng.uniform(0.0, LONGEST_LIFE_SECONDS))
            requests = self._await_requests()
            pid = self._stack.find_api()
            if pid is None or not requests:
                continue
            os.kill(pid, signal.SIGKILL)
            self.kills += 1
            self.struck.update(requests)
        wait_until(self._stack.is_alive, "the API", pause=0.02)

    def _await_requests(self) -> list[str]:
        deadline = time.monotonic() + IDLE_SECONDS
        while not (found := self._list_requests()) and time.monotonic() < deadline:
            time.sleep(0.001)
        return found

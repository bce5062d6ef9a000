"""A disk that fails under uploads, in one way after the other."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from chaos.faultdisk import Faults

MOST_AT_A_TIME = 4
LONGEST_SECONDS = 3.0
LONGEST_PAUSE_SECONDS = 0.3

Breaking = Callable[[Faults, random.Random], None]
BREAKINGS: dict[str, Breaking] = {
    "ENOSPC": lambda disk, rng: disk.fill_after(rng.randrange(2_000_000)),
    "EIO of a write": lambda disk, rng: disk.break_writes(rng.uniform(0.2, 1.0)),
    "EIO of a sync": lambda disk, rng: disk.break_syncs(rng.uniform(0.2, 1.0)),
    "EIO of a read": lambda disk, rng: disk.break_reads(rng.uniform(0.2, 1.0)),
    "short write": lambda disk, rng: disk.shorten_writes(rng.uniform(0.2, 1.0)),
}


class Breaker:
    """Breaks the disk until each kind has struck its share of the number wanted.

    Attributes:
        kinds: How many calls failed or fell short, by kind.

    Args:
        disk: Which one.
        rng: Draws the kinds, and how long each lasts.
        wanted: How many in all.
    """

    def __init__(self, disk: Faults | None, rng: random.Random, wanted: int) -> None:
        self.kinds: Counter[str] = Counter()
        self._disk = disk
        self._rng = rng
        self._share = -(-wanted // len(BREAKINGS))
        self._thread = threading.Thread(target=self._run, name="breaker", daemon=True)
        self._ending = threading.Event()

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, with the disk well."""
        self._ending.set()
        self._thread.join()

    @property
    def is_done(self) -> bool:
        """Whether all have struck."""
        return not self._list_open()

    def _list_open(self) -> list[str]:
        return [kind for kind in BREAKINGS if self.kinds[kind] < self._share]

    def _run(self) -> None:
        while self._disk is not None and not self._ending.is_set() and (kinds := self._list_open()):
            self._break(self._disk, self._rng.choice(kinds))
            self._ending.wait(self._rng.uniform(0.0, LONGEST_PAUSE_SECONDS))

    def _break(self, disk: Faults, kind: str) -> None:
        before = disk.faults
        wanted = before + self._rng.randint(1, MOST_AT_A_TIME)
        until = time.monotonic() + LONGEST_SECONDS
        BREAKINGS[kind](disk, self._rng)
        while disk.faults < wanted and time.monotonic() < until and not self._ending.is_set():
            time.sleep(0.001)
        disk.repair()
        self.kinds[kind] += disk.faults - before

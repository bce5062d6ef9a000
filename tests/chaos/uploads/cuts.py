"""How many connections were cut, and whether one more shall be."""

import random
from collections import Counter
from collections.abc import Callable
from threading import Lock

from chaos.uploads.wire import Cut, draw_cut

CHANCE = 0.4


class Cuts:
    """A number of cuts, spread over the run.

    Args:
        wanted: How many.
        measure: How far the other faults of the run are, from 0 to 1: the cuts keep their step.
    """

    def __init__(self, wanted: int, measure: Callable[[], float]) -> None:
        self._wanted = wanted
        self._measure = measure
        self._given = 0
        self._lock = Lock()
        self.kinds: Counter[str] = Counter()

    @property
    def is_done(self) -> bool:
        """Whether all have struck."""
        return self.kinds.total() >= self._wanted

    def draw(self, rng: random.Random, body_bytes: int) -> Cut | None:
        """A cut for the request that is about to be sent, or none."""
        cut = draw_cut(rng, body_bytes) if rng.random() < CHANCE else None
        with self._lock:
            if cut is None or self._given >= self._wanted * self._measure():
                return None
            self._given += 1
        return cut

    def note(self, cut: Cut, *, has_struck: bool) -> None:
        """Count a cut that was made; one whose connection was lost before it is drawn anew."""
        with self._lock:
            if has_struck:
                self.kinds[cut.kind] += 1
            else:
                self._given -= 1

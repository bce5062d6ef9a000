"""How sure a figure over several recordings is."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

DRAWS = 2_000
SHARE = 0.95
Item = TypeVar("Item")


def find_interval(
    items: Sequence[Item], measure: Callable[[Sequence[Item]], float], seed: int = 1
) -> tuple[float, float]:
    """The interval that holds the figure with a probability of 95 %.

    By the percentile bootstrap (Efron 1979): the figure over as many items, drawn anew with
    replacement, many times.
    """
    random = np.random.default_rng(seed)
    drawn = [
        measure([items[int(place)] for place in random.integers(0, len(items), len(items))])
        for _ in range(DRAWS)
    ]
    low, high = np.quantile(drawn, [(1 - SHARE) / 2, (1 + SHARE) / 2])
    return float(low), float(high)

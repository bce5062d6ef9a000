"""How sure the engine was of a segment, as one number that people can read."""

import math

from transcriber.engine.results import Segment


def measure_confidence(segment: Segment) -> float:
    """Return the geometric mean of the tokens' probabilities, in 0..1.

    A measure that is not a number counts as no confidence at all.
    """
    return _bound(math.exp(min(0.0, segment.avg_logprob)))


def format_confidence(confidence: float) -> str:
    """Return it with two decimals, as tables show it."""
    return f"{_bound(confidence):.2f}"


def _bound(value: float) -> float:
    # The comparison is written so that NaN fails it.
    return min(value, 1.0) if value >= 0 else 0.0

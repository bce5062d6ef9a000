"""Cutting speech into chunks that are decoded side by side, at its pauses and of like length."""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.speech.cutting import find_pauses
from transcriber.engine.speech.detector import FRAME_SAMPLES, SAMPLE_RATE
from transcriber.engine.speech.regions import INNER_SILENCE_SAMPLES, SPEECH_THRESHOLD, Region

TARGET_SAMPLES = 15 * SAMPLE_RATE
"""Shorter chunks gained nothing, longer ones took more time, see docs/performance.md."""

MAXIMUM_SAMPLES = 28 * SAMPLE_RATE
"""Whisper's window less the padding that a chunk is decoded with."""

_PAUSE_WEIGHT = 0.3
"""A cut without a pause costs as much as a chunk that is half as long, or longer, than it should
be: a little over `0.5 ** 2`."""

_ENOUGH_PAUSE_SAMPLES = int(0.8 * SAMPLE_RATE)
"""Beyond this a longer pause is no better a place to cut."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where speech may be cut: a position in the joined speech, and how long it pauses there."""

    position: int
    pause: int


def cut_chunks(regions: list[Region], probabilities: NDArray[np.float32]) -> list[list[Region]]:
    """Cut speech into chunks of about 15 and at most 28 seconds, without the long silences.

    Chunks are as long as each other as the pauses allow, since those that are decoded together
    are padded to the longest.  Speech is cut inside only where no pause is in reach.

    Args:
        regions: The speech, in samples, in order.
        probabilities: Of speech, for each frame of the audio that the regions lie in.

    Returns:
        The regions of each chunk, in order; together they are the regions that were given.
    """
    lengths = [region.stop - region.start for region in regions]
    offsets = [0, *accumulate(lengths)]
    places = _list_places(regions, offsets, probabilities)
    while (cuts := _choose_cuts(places)) is None:
        _add_forced(places, regions, offsets, probabilities)
    return [_slice_regions(regions, offsets, *ends) for ends in pairwise(cuts)]


def measure(regions: list[Region]) -> int:
    """Return the samples of some regions' joined speech."""
    return sum(region.stop - region.start for region in regions)


def count_speech(regions: list[Region], probabilities: NDArray[np.float32]) -> float:
    """Return how many seconds of the regions the detector calls speech."""
    frames = sum(
        int(
            np.count_nonzero(
                probabilities[_to_frame(region.start) : _to_frame(region.stop)] >= SPEECH_THRESHOLD
            )
        )
        for region in regions
    )
    return frames * FRAME_SAMPLES / SAMPLE_RATE


def drop_start(regions: list[Region], samples: int) -> list[Region]:
    """Return the regions without the first samples of their joined speech."""
    offsets = [0, *accumulate(region.stop - region.start for region in regions)]
    return _slice_regions(regions, offsets, min(samples, offsets[-1]), offsets[-1])


def _list_places(
    regions: list[Region], offsets: list[int], probabilities: NDArray[np.float32]
) -> list[_Place]:
    found = dict.fromkeys(offsets, INNER_SILENCE_SAMPLES)
    for pause in find_pauses(probabilities):
        middle = pause.middle * FRAME_SAMPLES
        for region, offset in zip(regions, offsets, strict=False):
            if region.start < middle < region.stop:
                length = (pause.stop - pause.start) * FRAME_SAMPLES
                found[offset + middle - region.start] = length
    return [_Place(position, found[position]) for position in sorted(found)]


def _choose_cuts(places: list[_Place]) -> list[int] | None:
    """Return the cheapest positions, both ends included; None where a stretch has no place."""
    total = places[-1].position
    target = total / max(1, round(total / TARGET_SAMPLES))
    costs = [0.0]
    previous = [0]
    for stop, place in enumerate(places[1:], start=1):
        pause = min(place.pause, _ENOUGH_PAUSE_SAMPLES) / _ENOUGH_PAUSE_SAMPLES
        best, origin = min(
            (
                (costs[start] + ((place.position - each.position) / target - 1) ** 2, start)
                for start, each in enumerate(places[:stop])
                if place.position - each.position <= MAXIMUM_SAMPLES
            ),
            default=(float("inf"), 0),
        )
        costs.append(best + _PAUSE_WEIGHT * (1 - pause))
        previous.append(origin)
    if costs[-1] == float("inf"):
        return None
    cuts = [len(places) - 1]
    while cuts[-1] > 0:
        cuts.append(previous[cuts[-1]])
    return [places[index].position for index in reversed(cuts)]


def _add_forced(
    places: list[_Place],
    regions: list[Region],
    offsets: list[int],
    probabilities: NDArray[np.float32],
) -> None:
    """Add a place where speech is least likely, in the middle half of the longest stretch."""
    index = max(
        range(1, len(places)), key=lambda each: places[each].position - places[each - 1].position
    )
    low, high = places[index - 1].position, places[index].position
    quarter = (high - low) // 4
    # No join of regions lies between two places, so that the stretch is one of the audio.
    inside = bisect_right(offsets, low) - 1
    shift = regions[inside].start - offsets[inside]
    first = _to_frame(low + quarter + shift) + 1
    last = max(first + 1, _to_frame(high - quarter + shift))
    frame = first + int(np.argmin(probabilities[first:last]))
    places.insert(index, _Place(frame * FRAME_SAMPLES - shift, 0))


def _slice_regions(
    regions: list[Region], offsets: list[int], start: int, stop: int
) -> list[Region]:
    sliced: list[Region] = []
    for region, offset in zip(regions, offsets, strict=False):
        first = region.start + max(0, start - offset)
        last = min(region.stop, region.start + stop - offset)
        if first < last:
            sliced.append(Region(first, last))
    return sliced


def _to_frame(sample: int) -> int:
    return sample // FRAME_SAMPLES

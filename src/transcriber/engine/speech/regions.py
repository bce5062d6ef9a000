"""From frame probabilities to stretches of speech."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.speech.detector import FRAME_SAMPLES, SAMPLE_RATE, VigilantDetector

SPEECH_THRESHOLD = 0.5
"""A frame at or above this probability is speech: Silero's published default."""

SILENCE_THRESHOLD = 0.35
"""Speech goes on until a frame falls below this: Silero's default of 0.15 under the first."""

PADDING_SAMPLES = 6_400
"""Kept on either side of speech (0.4 s), so that soft first and last sounds survive."""

INNER_SILENCE_SAMPLES = 32_000
"""Shorter silences (2 s) inside speech are kept whole: they carry rhythm and sentence ends."""

LONG_SILENCE_SAMPLES = 160_000
"""Silence (10 s) over which nothing is decoded as one: the words on either side are apart."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of audio in samples, `stop` excluded."""

    start: int
    stop: int


class SpeechSwitch:
    """Says for each frame in turn whether speech is on, with hysteresis against flicker."""

    def __init__(self) -> None:
        self._is_on = False

    def step(self, probability: float) -> bool:
        """Take the next frame's probability; return whether speech is on."""
        self._is_on = probability >= (SILENCE_THRESHOLD if self._is_on else SPEECH_THRESHOLD)
        return self._is_on


def find_speech(audio: NDArray[np.float32]) -> list[Region]:
    """Return the speech of a piece of 16 kHz mono audio, padded, in order, without overlap.

    Short silences at the edges stay with the speech beside them, as those inside it do.
    """
    return pad_regions(find_regions(hear_speech(audio)), len(audio))


def hear_speech(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the probability of speech for each frame of a piece of 16 kHz mono audio."""
    detector = VigilantDetector()
    return np.concatenate([detector.feed(audio), detector.finish()])


def find_regions(probabilities: Iterable[float]) -> list[Region]:
    """Join speech frames into regions; silences under two seconds do not part them."""
    switch = SpeechSwitch()
    found: list[Region] = []
    for index, probability in enumerate(probabilities):
        if not switch.step(probability):
            continue
        start, stop = index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES
        if found and start - found[-1].stop < INNER_SILENCE_SAMPLES:
            found[-1] = Region(found[-1].start, stop)
        else:
            found.append(Region(start, stop))
    return found


def pad_regions(regions: list[Region], length: int) -> list[Region]:
    """Widen each region by the padding, and the outer ones over short silences to the edges.

    Regions are at least five paddings apart, so widening never makes two of them meet.
    """
    if not regions:
        return []
    starts = [region.start - PADDING_SAMPLES for region in regions]
    stops = [region.stop + PADDING_SAMPLES for region in regions]
    if regions[0].start < INNER_SILENCE_SAMPLES:
        starts[0] = 0
    if length - regions[-1].stop < INNER_SILENCE_SAMPLES:
        stops[-1] = length
    starts[0], stops[-1] = max(0, starts[0]), min(length, stops[-1])
    return [Region(start, stop) for start, stop in zip(starts, stops, strict=True)]


def to_seconds(samples: int) -> float:
    """Return the time of a sample position, to the millisecond results are stored with."""
    return round(samples / SAMPLE_RATE, 3)


def part_at_long_silences(regions: list[Region]) -> list[list[Region]]:
    """Group regions so that no group holds a silence of ten seconds or more."""
    groups: list[list[Region]] = []
    for region in regions:
        if groups and region.start - groups[-1][-1].stop < LONG_SILENCE_SAMPLES:
            groups[-1].append(region)
        else:
            groups.append([region])
    return groups

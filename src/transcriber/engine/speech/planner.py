"""Cuts a stream of audio into spans at silence while holding at most one span's audio."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.results import Span
from transcriber.engine.speech.buffer import SampleBuffer
from transcriber.engine.speech.cutting import MAXIMUM_FRAMES, Pause, choose_cut
from transcriber.engine.speech.detector import FRAME_SAMPLES, SAMPLE_RATE, VigilantDetector
from transcriber.engine.speech.precision import keep_16_bits
from transcriber.engine.speech.regions import SPEECH_THRESHOLD, SpeechSwitch, to_seconds

_PADDING_FRAMES = SAMPLE_RATE // FRAME_SAMPLES
"""A span keeps about a second of the silence around it: a soft word before what the detector
calls speech is then still heard by the model."""

_MILLISECOND_SAMPLES = SAMPLE_RATE // 1_000

_PIECE_SAMPLES = 160_000
"""Larger blocks are taken in pieces of ten seconds, so that they cannot enlarge the buffer."""


class Detector(Protocol):
    """What the planner needs of a speech detector."""

    def feed(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the probabilities of the frames that `block` completed."""
        ...

    def finish(self) -> NDArray[np.float32]:
        """Return the probability of the last, incomplete frame, if any."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class PlannedSpan:
    """A span with its audio: float32 (of 16-bit precision), mono, 16 kHz, as long as the span."""

    span: Span
    audio: NDArray[np.float32]


class SpanPlanner:
    """Plans spans of about 130 and at most 145 seconds, incrementally and in bounded memory.

    A decision is taken only when 145 seconds lie ahead (or the recording ends), so the plan
    does not depend on the size of the blocks, and a recording of up to 145 seconds is one span.
    With `vad_filter` silence before, between and after spans belongs to none of them; without
    it the spans cover the recording without a gap.
    """

    def __init__(
        self, *, vad_filter: bool = True, detector: Callable[[], Detector] = VigilantDetector
    ) -> None:
        self._vad_filter = vad_filter
        self._detector = detector()
        # Audio and probabilities from the first frame that no emitted span or skipped silence
        # covers; `_first_frame` is that frame's place in the recording.
        self._audio = SampleBuffer((MAXIMUM_FRAMES + 1) * FRAME_SAMPLES + _PIECE_SAMPLES)
        self._probabilities = np.zeros(0, np.float32)
        self._first_frame = 0
        self._received = 0
        self._planned = 0

    @property
    def received_seconds(self) -> float:
        """How much audio was fed so far."""
        return to_seconds(self._received)

    def feed(self, block: NDArray[np.float32]) -> list[PlannedSpan]:
        """Take the next samples (16 kHz mono); return the spans that became certain."""
        planned: list[PlannedSpan] = []
        for start in range(0, len(block), _PIECE_SAMPLES):
            piece = block[start : start + _PIECE_SAMPLES]
            self._received += len(piece)
            self._audio.append(piece)
            self._extend(self._detector.feed(piece))
            while len(self._probabilities) > MAXIMUM_FRAMES:
                planned.extend(self._cut(choose_cut(self._probabilities[:MAXIMUM_FRAMES])))
                self._skip_silence()
        return planned

    def finish(self) -> list[PlannedSpan]:
        """End the recording; return the spans that were left."""
        self._extend(self._detector.finish())
        planned: list[PlannedSpan] = []
        if len(self._probabilities) > MAXIMUM_FRAMES:
            planned.extend(self._cut(choose_cut(self._probabilities[:MAXIMUM_FRAMES])))
            self._skip_silence()
        frames = len(self._probabilities)
        if frames:
            planned.extend(self._cut(Pause(frames, frames)))
        return planned

    def _extend(self, probabilities: NDArray[np.float32]) -> None:
        self._probabilities = np.concatenate([self._probabilities, probabilities])
        self._skip_silence()

    def _skip_silence(self) -> None:
        """Forget leading silence, but for the padding before the next speech."""
        if not self._vad_filter:
            return
        speech = np.flatnonzero(self._probabilities >= SPEECH_THRESHOLD)
        first = int(speech[0]) if len(speech) else len(self._probabilities)
        self._forget(max(0, first - _PADDING_FRAMES))

    def _cut(self, pause: Pause) -> list[PlannedSpan]:
        """Emit the audio up to the pause and forget it."""
        middle = pause.middle
        stop = middle
        if self._vad_filter:
            speech_end = _find_speech_end(self._probabilities[:middle])
            stop = min(speech_end + _PADDING_FRAMES, middle) if speech_end else 0
        planned = self._emit(stop) if stop else []
        self._forget(middle)
        return planned

    def _emit(self, stop: int) -> list[PlannedSpan]:
        held = min(stop * FRAME_SAMPLES, len(self._audio))
        # Spans begin and end on whole milliseconds, so that their times name their samples.
        audio = keep_16_bits(self._audio.copy_first(held - held % _MILLISECOND_SAMPLES))
        first = self._first_frame * FRAME_SAMPLES
        span = Span(self._planned, to_seconds(first), to_seconds(first + len(audio)))
        self._planned += 1
        return [PlannedSpan(span, audio)]

    def _forget(self, frames: int) -> None:
        self._first_frame += frames
        self._probabilities = self._probabilities[frames:]
        self._audio.drop(frames * FRAME_SAMPLES)


def _find_speech_end(probabilities: NDArray[np.float32]) -> int:
    """Return the frame after the last speech, 0 where there is none."""
    switch = SpeechSwitch()
    end = 0
    for index, probability in enumerate(probabilities):
        if switch.step(float(probability)):
            end = index + 1
    return end

"""One span's audio to segments in the recording's time, as a lazy stream with a result."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.decoding.chunks import ChunkResult, decode_chunks
from transcriber.engine.decoding.decoder import WindowDecoder
from transcriber.engine.decoding.placing import SegmentPlacer
from transcriber.engine.decoding.repetition import repeats_end
from transcriber.engine.decoding.windows import WindowResult, decode_windows, part_loops
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DroppedPassage, DropReason, Segment, Span, SpanResult
from transcriber.engine.speech.chunks import cut_chunks, measure
from transcriber.engine.speech.detector import SAMPLE_RATE
from transcriber.engine.speech.regions import (
    Region,
    find_regions,
    hear_speech,
    pad_regions,
    part_at_long_silences,
)
from transcriber.engine.speech.timeline import SpeechTimeline

_SCRAP_SAMPLES = int(1.5 * SAMPLE_RATE)
"""So little speech that a text left out is mostly the sound of its last word dying away: alone, the
model writes that word a second time."""


class SpanStream:
    """The segments of one span, decoded as they are drawn.

    Nothing but the span's own audio and the options enters, so the same span gives the same
    segments whichever worker decodes it and after whatever.
    """

    def __init__(
        self,
        decoder: WindowDecoder,
        audio: NDArray[np.float32],
        span: Span,
        options: TranscribeOptions,
        on_progress: Callable[[float], None] | None = None,
    ) -> None:
        self._span = span
        self._segments: list[Segment] = []
        self._dropped: list[DroppedPassage] = []
        self._on_progress = on_progress
        self._steps = self._decode(decoder, audio, options)

    def __iter__(self) -> Iterator[Segment]:
        """Return the segments that were not drawn yet.

        One iterator serves every caller: leaving a loop early loses nothing.
        """
        return self._steps

    def result(self) -> SpanResult:
        """Decode what is left and return everything."""
        for _ in self._steps:
            pass
        return SpanResult(self._span, tuple(self._segments), tuple(self._dropped))

    def _decode(
        self, decoder: WindowDecoder, audio: NDArray[np.float32], options: TranscribeOptions
    ) -> Iterator[Segment]:
        if len(audio) == 0:
            return
        probabilities = hear_speech(audio)
        speech = pad_regions(find_regions(probabilities), len(audio))
        groups = part_at_long_silences(speech if options.vad_filter else [Region(0, len(audio))])
        if not is_batched(options):
            for group in groups:
                yield from self._decode_group(decoder, audio, options, group, speech)
            return
        chunks = [chunk for group in groups for chunk in cut_chunks(group, probabilities)]
        results = self._decode_chunks(decoder, audio, options, chunks, probabilities)
        yield from self._join_chunks(results, speech, options)

    def _decode_chunks(
        self,
        decoder: WindowDecoder,
        audio: NDArray[np.float32],
        options: TranscribeOptions,
        chunks: list[list[Region]],
        probabilities: NDArray[np.float32],
    ) -> list[ChunkResult]:
        """Decode every chunk; they are ready in the order of their lengths."""
        total = sum(map(measure, chunks))
        results: list[ChunkResult] = []
        done = 0
        for result in decode_chunks(decoder, audio, chunks, probabilities, options):
            results.append(result)
            done += result.settled_samples
            self._report((self._span.end - self._span.start) * done / total)
        return sorted(results, key=lambda result: result.regions[0].start)

    def _join_chunks(
        self, results: list[ChunkResult], speech: list[Region], options: TranscribeOptions
    ) -> Iterator[Segment]:
        texts: list[str] = []
        previous_end = self._span.start
        for result in results:
            placer = SegmentPlacer(self._span, SpeechTimeline(result.regions), previous_end)
            is_scrap = measure(result.regions) < _SCRAP_SAMPLES
            for window in result.windows:
                kept, loops = part_loops(window.kept, texts)
                if is_scrap and kept and texts and repeats_end(kept[0].text, texts[-1]):
                    loops = ((kept[0], "repetition"), *loops)
                    kept = kept[1:]
                texts.extend(passage.text for passage in kept)
                judged = replace(window, kept=kept, dropped=window.dropped + loops)
                samples = measure(result.regions)
                for segment in self._place_window(judged, placer, samples, speech, options):
                    previous_end = segment.end
                    yield segment

    def _decode_group(
        self,
        decoder: WindowDecoder,
        audio: NDArray[np.float32],
        options: TranscribeOptions,
        group: list[Region],
        speech: list[Region],
    ) -> Iterator[Segment]:
        timeline = SpeechTimeline(group)
        placer = SegmentPlacer(self._span, timeline)
        joined = timeline.join(audio)
        for window in decode_windows(decoder, joined, options):
            yield from self._place_window(window, placer, len(joined), speech, options)
            settled, _ = timeline.restore(window.settled_seconds, window.settled_seconds)
            self._report(settled)

    def _place_window(
        self,
        window: WindowResult,
        placer: SegmentPlacer,
        samples: int,
        speech: list[Region],
        options: TranscribeOptions,
    ) -> Iterator[Segment]:
        for passage, reason in window.dropped:
            start, end = placer.place_times(passage.start, passage.end)
            self._drop(start, end, reason, passage.text)
        for passage in window.kept:
            segment = placer.place(passage, window.attempt)
            # Whisper may write on after the end of the audio: that was not spoken.
            is_beyond = passage.start * SAMPLE_RATE >= samples
            if is_beyond or self._is_unheard(segment, speech, options):
                self._drop(segment.start, segment.end, "silence", segment.text)
                continue
            self._segments.append(segment)
            yield segment

    def _report(self, seconds: float) -> None:
        if self._on_progress is not None:
            self._on_progress(min(self._span.start + seconds, self._span.end))

    def _is_unheard(
        self, segment: Segment, speech: list[Region], options: TranscribeOptions
    ) -> bool:
        """Say whether both witnesses heard nothing: the model's own token and the detector.

        Without the filter the model is given silence too, and writes "You" or "Thank you." into
        it with fair likelihood, which the likelihood test lets pass.
        """
        start = (segment.start - self._span.start) * SAMPLE_RATE
        end = (segment.end - self._span.start) * SAMPLE_RATE
        is_heard = any(region.start < end and start < region.stop for region in speech)
        return not is_heard and segment.no_speech_prob > options.no_speech_threshold

    def _drop(self, start: float, end: float, reason: DropReason, text: str) -> None:
        if text.strip():
            self._dropped.append(DroppedPassage(start, end, reason, text.strip()))


def is_batched(options: TranscribeOptions) -> bool:
    """Say whether chunks can be decoded at once, which is the fastest.

    Conditioning needs the order of the windows, without the filter nobody says where a chunk may
    begin, and samples are drawn one window at a time.
    """
    is_free = options.vad_filter and not options.condition_on_previous_text
    return is_free and options.temperature[0] == 0

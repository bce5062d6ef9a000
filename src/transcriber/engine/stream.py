"""A whole recording's segments, drawn lazily, and the transcript once they are all there."""

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from transcriber.engine.decoding.spans import SpanStream
from transcriber.engine.errors import OutOfMemoryError, SpeakersError
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import (
    DetectedLanguage,
    DroppedPassage,
    Progress,
    Segment,
    Span,
    SpanResult,
    Transcript,
)
from transcriber.engine.side_by_side import transcribe_side_by_side
from transcriber.engine.speakers.voices import HeardSpan, Voice
from transcriber.engine.speech.planner import PlannedSpan, SpanPlanner

Audio = NDArray[np.float32]


class MediaInfo(Protocol):
    """What the stream reads of a recording's description."""

    @property
    def duration(self) -> float | None:
        """Seconds as the container claims, None where it does not say."""
        ...


class AudioBlocks(Protocol):
    """An opened recording: 16 kHz mono float32 blocks and a description."""

    @property
    def info(self) -> MediaInfo:
        """What is known of the recording before it is decoded."""
        ...

    def __iter__(self) -> Iterator[Audio]:
        """Yield the blocks."""
        ...


class SpanEngine(Protocol):
    """What the stream needs of the engine."""

    @property
    def model(self) -> str:
        """The staged model's name."""
        ...

    @property
    def decoders(self) -> int:
        """How many spans it transcribes at the same time."""
        ...

    def resolve_language(
        self, options: TranscribeOptions, audio: Audio
    ) -> tuple[TranscribeOptions, DetectedLanguage]:
        """Return options that name a language, and the language."""
        ...

    def transcribe_span(
        self,
        audio: Audio,
        span: Span,
        options: TranscribeOptions,
        *,
        on_progress: Callable[[float], None] | None = None,
    ) -> SpanStream:
        """Transcribe one span lazily."""
        ...

    def hear_voices(self, audio: Audio, span: Span) -> tuple[Voice, ...]:
        """Tell apart who speaks in a span."""
        ...


class TranscriptStream:
    """Segments as they are ready; `result()` gives the whole transcript.

    The recording is decoded while segments are drawn and never held as a whole.  Where speakers are
    told apart, all segments come at the end: only then it is known who is who.

    Attributes:
        speakers_problem: Why speakers that were asked for are missing; None while they are not.
    """

    def __init__(
        self,
        engine: SpanEngine,
        open_source: Callable[[], AbstractContextManager[AudioBlocks]],
        options: TranscribeOptions,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._engine = engine
        self._open_source = open_source
        self._options = options
        self._on_progress = on_progress
        self._segments: list[Segment] = []
        self._dropped: list[DroppedPassage] = []
        self._language: DetectedLanguage | None = None
        self._planner = SpanPlanner(vad_filter=options.vad_filter)
        self._total: float | None = None
        self._heard: list[HeardSpan] = []
        self.speakers_problem: str | None = None
        self._steps = self._run()

    def __iter__(self) -> Iterator[Segment]:
        """Return the segments that were not drawn yet.

        One iterator serves every caller: leaving a loop early loses nothing.
        """
        return self._steps

    @property
    def language(self) -> DetectedLanguage | None:
        """What is spoken: None until the first speech was heard, unless it was given."""
        if self._language is None and self._options.language is not None:
            return DetectedLanguage(self._options.language, 1.0)
        return self._language

    def result(self) -> Transcript:
        """Draw what is left and return the transcript."""
        for _ in self._steps:
            pass
        return Transcript(
            # Without speech there is no language to hear; English stands in, with no weight.
            language=self.language or DetectedLanguage("en", 0.0),
            duration=self._planner.received_seconds,
            segments=tuple(self._segments),
            dropped=tuple(self._dropped),
            model=self._engine.model,
            task=self._options.task,
        )

    def close(self) -> None:
        """Stop decoding; what was drawn so far stays available, and calling again is harmless."""
        self._steps.close()

    def _run(self) -> Generator[Segment]:
        with self._open_source() as blocks:
            self._total = blocks.info.duration
            spans = self._resolve(plan_spans(blocks, self._planner))
            if self._engine.decoders > 1:
                yield from self._transcribe_side_by_side(spans)
            else:
                for planned in spans:
                    yield from self._transcribe(planned)
        yield from self._attribute()
        self._total = self._planner.received_seconds
        self._report(self._total)

    def _resolve(self, spans: Iterator[PlannedSpan]) -> Iterator[PlannedSpan]:
        for planned in spans:
            if self._language is None:
                # The first speech decides for the whole recording, as one job has one language.
                self._options, self._language = self._engine.resolve_language(
                    self._options, planned.audio
                )
            yield planned

    def _transcribe_side_by_side(self, spans: Iterator[PlannedSpan]) -> Iterator[Segment]:
        def transcribe(
            planned: PlannedSpan, tell: Callable[[float], None]
        ) -> tuple[SpanResult, tuple[Voice, ...]]:
            stream = self._engine.transcribe_span(
                planned.audio, planned.span, self._options, on_progress=tell
            )
            return stream.result(), self._hear(planned)

        results = transcribe_side_by_side(spans, transcribe, self._engine.decoders, self._report)
        with closing(results):
            for result, voices in results:
                yield from self._keep(result.segments)
                self._finish(result, voices)

    def _transcribe(self, planned: PlannedSpan) -> Iterator[Segment]:
        stream = self._engine.transcribe_span(
            planned.audio, planned.span, self._options, on_progress=self._report
        )
        yield from self._keep(stream)
        self._finish(stream.result(), self._hear(planned))

    def _keep(self, segments: Iterable[Segment]) -> Iterator[Segment]:
        """Give segments at once; where speakers are told apart, they come at the end."""
        if self._options.speakers is not None:
            return
        for segment in segments:
            self._segments.append(segment)
            yield segment

    def _finish(self, result: SpanResult, voices: tuple[Voice, ...]) -> None:
        self._dropped.extend(result.dropped)
        if self._options.speakers is not None:
            self._heard.append(HeardSpan(result.span, result.segments, voices))

    def _hear(self, planned: PlannedSpan) -> tuple[Voice, ...]:
        if self._options.speakers is not None and self.speakers_problem is None:
            try:
                return self._engine.hear_voices(planned.audio, planned.span)
            except (SpeakersError, OutOfMemoryError) as error:
                self.speakers_problem = str(error)
        return ()

    def _attribute(self) -> Iterator[Segment]:
        """Give what was kept back, with its speakers where they could be told apart."""
        speakers = self._options.speakers
        if speakers is None:
            return
        if self.speakers_problem is None:
            # Loaded on first use: most recordings never ask who speaks.
            from transcriber.engine.speakers.recording import (  # noqa: PLC0415
                attribute_recording,
            )

            parts = attribute_recording(self._heard, speakers)
        else:
            parts = [list(each.segments) for each in self._heard]
        for part in parts:
            self._segments.extend(part)
            yield from part

    def _report(self, done: float) -> None:
        if self._on_progress is not None:
            self._on_progress(Progress(done, self._total))


def plan_spans(blocks: Iterable[Audio], planner: SpanPlanner) -> Iterator[PlannedSpan]:
    """Yield the spans of a stream of audio as the planner becomes certain of them."""
    for block in blocks:
        yield from planner.feed(block)
    yield from planner.finish()

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fake_decoder import FakeDecoder, write
from transcriber.engine.decoding.spans import SpanStream
from transcriber.engine.errors import MediaError, SpeakersError
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DetectedLanguage, Progress, Span
from transcriber.engine.speakers.voices import Voice
from transcriber.engine.stream import AudioBlocks, TranscriptStream

Audio = NDArray[np.float32]
ALL = TranscribeOptions(vad_filter=False)


@dataclass
class FakeInfo:
    duration: float | None


class FakeBlocks:
    def __init__(self, seconds: int, claimed: float | None, *, fails_at: int | None) -> None:
        self.info = FakeInfo(claimed)
        self.given = 0
        self._seconds = seconds
        self._fails_at = fails_at

    def __iter__(self) -> Iterator[Audio]:
        for second in range(self._seconds):
            if second == self._fails_at:
                raise MediaError("The recording breaks off.", code="truncated")
            self.given += 1
            yield np.zeros(16_000, np.float32)


@dataclass
class FakeEngine:
    model: str = "base"
    decoders: int = 1
    languages_asked: list[str | None] = field(default_factory=list[str | None])
    speakers_error: SpeakersError | None = None

    def resolve_language(
        self, options: TranscribeOptions, audio: Audio
    ) -> tuple[TranscribeOptions, DetectedLanguage]:
        self.languages_asked.append(options.language)
        return replace(options, language="fr"), DetectedLanguage("fr", 0.9)

    def transcribe_span(
        self,
        audio: Audio,
        span: Span,
        options: TranscribeOptions,
        *,
        on_progress: Callable[[float], None] | None = None,
    ) -> SpanStream:
        decoder = FakeDecoder(lambda settings, window: write(f"{options.language} {span.index}"))
        return SpanStream(decoder, audio, span, options, on_progress)

    def hear_voices(self, audio: Audio, span: Span) -> tuple[Voice, ...]:
        if self.speakers_error is not None:
            raise self.speakers_error
        middle = (span.start + span.end) / 2
        first, second = np.eye(2, 256, dtype=np.float32)
        return (
            Voice(0, ((span.start, middle),), first),
            Voice(0, ((middle, span.end),), second),
        )


class Recording:
    def __init__(
        self, seconds: int, claimed: float | None = None, *, fails_at: int | None = None
    ) -> None:
        self.blocks = FakeBlocks(seconds, claimed, fails_at=fails_at)
        self.is_open = False

    @contextmanager
    def open(self) -> Iterator[AudioBlocks]:
        self.is_open = True
        try:
            yield self.blocks
        finally:
            self.is_open = False


def test_segments_come_before_the_recording_was_read_to_its_end() -> None:
    recording = Recording(400)
    segments = iter(TranscriptStream(FakeEngine(), recording.open, ALL))
    assert next(segments).text == "fr 0"
    assert recording.blocks.given < 150
    assert recording.is_open
    assert len(list(segments)) > 10
    assert not recording.is_open


def test_the_language_is_heard_once_and_kept() -> None:
    engine = FakeEngine()
    stream = TranscriptStream(engine, Recording(300).open, ALL)
    assert stream.language is None
    transcript = stream.result()
    assert engine.languages_asked == [None]
    assert stream.language == transcript.language == DetectedLanguage("fr", 0.9)


def test_a_given_language_is_known_from_the_start() -> None:
    options = TranscribeOptions(language="ja", vad_filter=False)
    stream = TranscriptStream(FakeEngine(), Recording(3).open, options)
    assert stream.language == DetectedLanguage("ja", 1.0)


def test_the_transcript_says_what_was_decoded() -> None:
    stream = TranscriptStream(FakeEngine(), Recording(31, claimed=99.0).open, ALL)
    drawn = list(stream)
    transcript = stream.result()
    assert transcript.segments == tuple(drawn)
    assert (transcript.duration, transcript.model, transcript.task) == (31, "base", "transcribe")


def test_a_recording_without_speech_gives_an_empty_transcript() -> None:
    transcript = TranscriptStream(FakeEngine(), Recording(10).open, TranscribeOptions()).result()
    assert (transcript.segments, transcript.dropped, transcript.duration) == ((), (), 10)
    assert transcript.language == DetectedLanguage("en", 0.0)


def test_progress_grows_to_the_true_duration() -> None:
    told: list[Progress] = []
    TranscriptStream(FakeEngine(), Recording(50, claimed=52).open, ALL, told.append).result()
    assert told == [Progress(30, 52), Progress(50, 52), Progress(50, 50)]


def test_a_recording_that_breaks_off_raises_after_its_good_spans() -> None:
    recording = Recording(400, fails_at=200)
    segments = iter(TranscriptStream(FakeEngine(), recording.open, ALL))
    assert next(segments).text == "fr 0"
    with pytest.raises(MediaError, match="breaks off"):
        list(segments)
    assert not recording.is_open


def test_closing_early_closes_the_recording_and_keeps_what_was_drawn() -> None:
    recording = Recording(400)
    stream = TranscriptStream(FakeEngine(), recording.open, ALL)
    first = next(iter(stream))
    stream.close()
    assert not recording.is_open
    assert stream.result().segments == (first,)


def test_speakers_come_with_all_segments_once_the_recording_was_read() -> None:
    recording = Recording(200)
    stream = TranscriptStream(FakeEngine(), recording.open, replace(ALL, speakers=2))
    first = next(iter(stream))
    assert recording.blocks.given == 200
    transcript = stream.result()
    assert transcript.segments[0] == first
    assert {each.speaker for each in transcript.segments} <= {"Speaker 1", "Speaker 2"}
    assert stream.speakers_problem is None


def test_a_transcript_stands_without_speakers() -> None:
    engine = FakeEngine(speakers_error=SpeakersError("This installation lacks a network."))
    stream = TranscriptStream(engine, Recording(200).open, replace(ALL, speakers="auto"))
    transcript = stream.result()
    assert transcript.segments[0].text == "fr 0"
    assert all(each.speaker is None for each in transcript.segments)
    assert stream.speakers_problem == "This installation lacks a network."


@pytest.mark.parametrize("options", [ALL, replace(ALL, speakers=2)])
def test_several_decoders_give_what_one_gives(options: TranscribeOptions) -> None:
    told: list[Progress] = []
    one = TranscriptStream(FakeEngine(), Recording(400).open, options).result()
    engine = FakeEngine(decoders=3)
    stream = TranscriptStream(engine, Recording(400, claimed=400).open, options, told.append)
    assert stream.result() == one
    assert engine.languages_asked == [None]
    done = [progress.done_seconds for progress in told]
    assert done == sorted(done)
    assert done[-1] == 400


def test_closing_several_decoders_closes_the_recording() -> None:
    recording = Recording(400)
    stream = TranscriptStream(FakeEngine(decoders=2), recording.open, ALL)
    first = next(iter(stream))
    stream.close()
    assert not recording.is_open
    assert stream.result().segments == (first,)

import numpy as np
import pytest

from fake_decoder import FakeDecoder, write
from transcriber.engine.decoding.decoder import Passage
from transcriber.engine.decoding.placing import SegmentPlacer
from transcriber.engine.decoding.spans import SpanStream, is_batched
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DroppedPassage, Span, Word
from transcriber.engine.speech.regions import Region
from transcriber.engine.speech.timeline import SpeechTimeline

WHOLE = TranscribeOptions(language="en", vad_filter=False)
SPAN = Span(3, 100.0, 140.0)
AUDIO = np.zeros(40 * 16_000, np.float32)


def stream(decoder: FakeDecoder, options: TranscribeOptions = WHOLE) -> SpanStream:
    return SpanStream(decoder, AUDIO, SPAN, options)


def test_segments_are_decoded_as_they_are_drawn() -> None:
    decoder = FakeDecoder(lambda settings, window: write(" One. | Two. "))
    segments = iter(stream(decoder))
    first = next(segments)
    assert (first.text, first.start, first.end) == ("One.", 100, 115)
    assert decoder.windows == 1
    assert [segment.text for segment in segments] == ["Two.", "One.", "Two."]


def test_the_result_decodes_what_was_not_drawn() -> None:
    drawn = stream(FakeDecoder(lambda settings, window: write(f"Window {window}.")))
    next(iter(drawn))
    result = drawn.result()
    assert [segment.text for segment in result.segments] == ["Window 0.", "Window 1."]
    assert result.span == SPAN
    assert drawn.result() == result


def test_dropped_text_has_the_recordings_times() -> None:
    decoder = FakeDecoder(
        lambda settings, window: write("you", avg_logprob=-1.5, no_speech_prob=0.9)
    )
    assert stream(decoder).result().dropped == (
        DroppedPassage(100, 130, "silence", "you"),
        DroppedPassage(130, 140, "silence", "you"),
    )


def test_text_after_the_end_of_the_audio_is_dropped() -> None:
    decoder = FakeDecoder(lambda settings, window: write("Thanks for watching!"))
    decoder.overrun_seconds = 40
    result = stream(decoder).result()
    assert result.segments == ()
    assert {(passage.reason, passage.start) for passage in result.dropped} == {("silence", 140.0)}


def test_text_that_neither_witness_heard_is_dropped() -> None:
    decoder = FakeDecoder(lambda settings, window: write("You", no_speech_prob=0.7))
    result = stream(decoder).result()
    assert result.segments == ()
    assert [passage.text for passage in result.dropped] == ["You", "You"]


def test_silence_is_not_decoded_at_all() -> None:
    decoder = FakeDecoder(lambda settings, window: write())
    result = stream(decoder, TranscribeOptions(language="en")).result()
    assert (result.segments, result.dropped, decoder.windows) == ((), (), 0)


def test_progress_is_told_after_every_window() -> None:
    told: list[float] = []
    decoder = FakeDecoder(lambda settings, window: write())
    SpanStream(decoder, AUDIO, SPAN, WHOLE, told.append).result()
    assert told == [130.0, 140.0]


def place_all(*passages: Passage) -> list[tuple[float, float]]:
    placer = SegmentPlacer(SPAN, SpeechTimeline([Region(0, len(AUDIO))]))
    placed = [placer.place(passage, write()) for passage in passages]
    return [(segment.start, segment.end) for segment in placed]


def test_segments_never_run_backwards_or_leave_the_span() -> None:
    passages = [Passage(s, e, "a", ()) for s, e in [(-1, 5), (4, 3), (2, 10), (39, 50), (45, 46)]]
    assert place_all(*passages) == [(100, 105), (105, 105), (105, 110), (139, 140), (140, 140)]


def test_words_stay_in_order_inside_their_segment() -> None:
    words = (Word(0.5, 2.0, " a", 0.91234), Word(1.5, 1.0, " b", 0.5), Word(8.0, 9.0, " c", 0.5))
    placer = SegmentPlacer(SPAN, SpeechTimeline([Region(0, len(AUDIO))]))
    segment = placer.place(Passage(1, 5, "a b c", (), words), write())
    assert [(word.start, word.end) for word in segment.words] == [
        (101, 102),
        (102, 102),
        (105, 105),
    ]
    assert segment.words[0].probability == 0.9123


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (TranscribeOptions(), True),
        (TranscribeOptions(beam_size=5, word_timestamps=True), True),
        (TranscribeOptions(condition_on_previous_text=True), False),
        (TranscribeOptions(vad_filter=False), False),
        (TranscribeOptions(temperature=(0.4, 0.6)), False),
    ],
)
def test_the_request_decides_whether_chunks_are_decoded_at_once(
    options: TranscribeOptions, *, expected: bool
) -> None:
    assert is_batched(options) == expected

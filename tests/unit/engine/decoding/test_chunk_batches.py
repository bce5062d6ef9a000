from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from fake_decoder import FakeDecoder, write
from transcriber.engine.decoding.chunks import ChunkResult, decode_chunks
from transcriber.engine.decoding.decoder import Attempt, GenerateSettings, Passage, WindowSplit
from transcriber.engine.decoding.frugal import FrugalDecoder
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.speech.chunks import measure
from transcriber.engine.speech.detector import FRAME_SAMPLES, SAMPLE_RATE
from transcriber.engine.speech.regions import Region

OPTIONS = TranscribeOptions(language="en")
GOOD = write()


def lay(*seconds: float) -> list[list[Region]]:
    """Chunks of these lengths, one after the other."""
    stops = [round(stop * SAMPLE_RATE) for stop in np.cumsum(seconds)]
    return [[Region(start, stop)] for start, stop in zip([0, *stops], stops, strict=False)]


def decode(
    decoder: FakeDecoder | FrugalDecoder,
    chunks: list[list[Region]],
    options: TranscribeOptions = OPTIONS,
    speech: float = 0.9,
) -> list[ChunkResult]:
    total = chunks[-1][-1].stop
    probabilities = np.full(total // FRAME_SAMPLES + 1, speech, np.float32)
    audio = np.zeros(total, np.float32)
    return list(decode_chunks(decoder, audio, chunks, probabilities, options))


def tell(attempts: Callable[[int], Attempt]) -> FakeDecoder:
    return FakeDecoder(lambda settings, window: attempts(window))


def test_batches_are_of_like_length_and_padded_to_their_longest() -> None:
    decoder = tell(lambda window: GOOD)
    lengths = [4.0, 10, 6, 8, 12, 14, 16, 18, 20, 5]
    results = decode(decoder, lay(*lengths))
    assert decoder.batches == [[2_200] * 7, [800] * 3]
    assert len(results) == len(lengths)
    assert [result.rest for result in results] == [[]] * len(lengths)


def test_a_batch_of_long_chunks_has_fewer_of_them() -> None:
    decoder = tell(lambda window: GOOD)
    decode(decoder, lay(*[28.0] * 5, 12, 12))
    # Five of 30 s with their padding; then what is left.
    assert decoder.batches == [[3_000] * 5, [1_400] * 2]


def test_no_chunk_is_encoded_longer_than_a_window() -> None:
    decoder = tell(lambda window: GOOD)
    decode(decoder, lay(29.5))
    assert decoder.batches == [[3_000]]


def test_each_chunk_has_the_prompt_and_the_hotwords_and_no_other_text() -> None:
    decoder = tell(lambda window: write("One.|Two."))
    decode(decoder, lay(10, 10), TranscribeOptions(initial_prompt="A", hotwords="Dickens"))
    assert [call[1:3] for call in decoder.calls] == [([32, 65], "Dickens")] * 2


def test_beams_are_those_that_were_asked_for() -> None:
    decoder = tell(lambda window: GOOD)
    decode(decoder, lay(10), TranscribeOptions(beam_size=3))
    assert decoder.calls[0][3].beam_size == 3


def test_many_beams_make_smaller_batches() -> None:
    for beams, sizes in ((2, [5, 3]), (5, [2] * 4), (10, [1] * 8)):
        decoder = tell(lambda window: GOOD)
        decode(decoder, lay(*[10.0] * 8), TranscribeOptions(beam_size=beams))
        assert [len(batch) for batch in decoder.batches] == sizes


def test_a_model_with_room_for_more_has_all_chunks_in_a_batch() -> None:
    decoder = replace(tell(lambda window: GOOD), batch_hypotheses=40)
    decode(decoder, lay(*[10.0] * 8), TranscribeOptions(beam_size=5))
    decode(FrugalDecoder(decoder), lay(*[10.0] * 8), TranscribeOptions(beam_size=5))
    assert [len(batch) for batch in decoder.batches] == [8, 8]


def test_a_text_is_broken_off_where_its_sound_can_hold_no_more() -> None:
    decoder = tell(lambda window: write(avg_logprob=-0.5))
    decode(decoder, lay(10, 1))
    # Both are padded to 10 s, and written together; with beams again.
    assert [(call[3].beam_size, call[3].most_tokens) for call in decoder.calls] == [
        (1, 131),
        (1, 131),
        (5, 131),
        (5, 131),
    ]
    short = tell(lambda window: GOOD)
    decode(short, lay(1))
    assert short.calls[0][3].most_tokens == 23


def write_by_beams(doubt: float, careful: float) -> FakeDecoder:
    """The second chunk is less certain than the others, and what beams make of it."""

    def script(settings: GenerateSettings, window: int) -> Attempt:
        if window != 1:
            return GOOD
        if settings.beam_size == 1:
            return write("Greedy.", avg_logprob=doubt)
        return write("Careful.", avg_logprob=careful)

    return FakeDecoder(script)


@pytest.mark.parametrize(
    ("doubt", "careful", "kept"),
    [
        (-0.6, -0.5, "Careful."),
        # Beams may find a worse text than the greedy one was.
        (-0.6, -0.7, "Greedy."),
        (-0.34, -0.1, "Greedy."),
    ],
)
def test_what_is_doubtful_is_written_again_with_beams(
    doubt: float, careful: float, kept: str
) -> None:
    decoder = write_by_beams(doubt, careful)
    results = decode(decoder, lay(10, 10, 10))
    texts = {result.windows[0].attempt.text for result in results}
    assert texts == {GOOD.text, kept}
    # The sound is not encoded again.
    assert decoder.batches == [[1_200] * 3]


def test_beams_that_were_asked_for_are_not_tried_again() -> None:
    decoder = write_by_beams(-0.6, -0.6)
    decode(decoder, lay(10, 10), TranscribeOptions(beam_size=5))
    assert [call[3].beam_size for call in decoder.calls] == [5, 5]


def test_doubtful_chunks_are_written_again_as_far_as_memory_was_measured() -> None:
    decoder = tell(lambda window: write(avg_logprob=-0.6))
    decode(decoder, lay(*[10.0] * 5))
    assert decoder.written == [5, 2, 2, 1]


def check_guard(first: Attempt, seconds: float = 10.0) -> None:
    """The chunk is decoded again in a whole window, with beams."""
    decoder = tell(lambda window: first if window == 0 else write("Right."))
    (result,) = decode(decoder, lay(seconds))
    assert [p.text for window in result.windows for p in window.kept] == ["Right."]
    assert (decoder.calls[-1][3].beam_size, decoder.windows) == (5, 2)


def test_what_is_doubtful_repetitive_or_too_much_is_decoded_again() -> None:
    check_guard(write("Wrong.", avg_logprob=-1.2))
    check_guard(write("Wrong.", compression_ratio=3.0))
    check_guard(write("so sorry " * 6))
    check_guard(write("|".join("abcdefghijklmnopqrstuvwxyz" * 2)), seconds=2.0)


@pytest.mark.parametrize(
    ("seconds", "temperatures"), [(2.9, {0.0}), (3.0, set(OPTIONS.temperature))]
)
def test_a_word_or_two_are_not_sampled(seconds: float, temperatures: set[float]) -> None:
    decoder = tell(lambda window: write("Two words.", avg_logprob=-1.2))
    decode(decoder, lay(seconds))
    assert {call[3].temperature for call in decoder.calls} == temperatures


def test_silence_after_the_guard_is_told_as_such() -> None:
    decoder = tell(lambda window: write("you", avg_logprob=-1.5, no_speech_prob=0.9))
    (result,) = decode(decoder, lay(10))
    assert [reason for window in result.windows for _, reason in window.dropped] == ["silence"]


class Partial(FakeDecoder):
    """Each chunk's text ends after six seconds, whatever is spoken then."""

    def split(self, attempt: Attempt, offset_frames: int, frames: int) -> WindowSplit:
        passage = Passage(0.0, min(6.0, frames / 100), attempt.text, (1,))
        return WindowSplit((passage,), frames, ends_whole=True)


def test_speech_that_a_text_leaves_out_is_decoded_with_the_next_batch() -> None:
    decoder = Partial(lambda settings, window: write(f"Text {window}."))
    results = decode(decoder, lay(14, 5))
    assert decoder.batches == [[1_600] * 2, [1_000], [400]]
    starts = [(result.regions[0].start / SAMPLE_RATE, bool(result.rest)) for result in results]
    assert starts == [(0.0, True), (14.0, False), (6.0, True), (12.0, False)]
    assert sum(result.settled_samples for result in results) == 19 * SAMPLE_RATE


def test_silence_that_a_text_leaves_out_is_its_end() -> None:
    decoder = Partial(lambda settings, window: GOOD)
    decode(decoder, lay(14), speech=0.1)
    assert len(decoder.batches) == 1


def test_a_text_that_settles_nothing_is_decoded_again() -> None:
    class Empty(FakeDecoder):
        def split(self, attempt: Attempt, offset_frames: int, frames: int) -> WindowSplit:
            if self.windows == 1:
                return WindowSplit((), frames, ends_whole=False)
            return super().split(attempt, offset_frames, frames)

    decoder = Empty(lambda settings, window: GOOD)
    (result,) = decode(decoder, lay(10))
    assert [p.text for window in result.windows for p in window.kept] == ["Good words."]
    assert decoder.windows == 2


def test_a_text_that_was_never_closed_is_decoded_again() -> None:
    class Open(FakeDecoder):
        def split(self, attempt: Attempt, offset_frames: int, frames: int) -> WindowSplit:
            passage = Passage(0.0, frames / 100, attempt.text, (1,))
            return WindowSplit((passage,), frames, ends_whole=False)

    decoder = Open(lambda settings, window: GOOD)
    decode(decoder, lay(10))
    assert decoder.windows == 2


def test_words_are_timed_where_they_are_asked_for() -> None:
    decoder = tell(lambda window: GOOD)
    (result,) = decode(decoder, lay(10), TranscribeOptions(word_timestamps=True))
    assert [word.word for word in result.windows[0].kept[0].words] == ["Good words."]


def test_a_batch_that_does_not_fit_is_made_smaller_before_beams_are_lost() -> None:
    class Small(FakeDecoder):
        def generate_batch(
            self,
            encoded: list[int],
            previous_tokens: list[int],
            hotwords: str | None,
            settings: GenerateSettings,
        ) -> list[Attempt]:
            if len(encoded) * settings.beam_size > 4:
                raise RuntimeError("CUDA failed with error out of memory")
            return super().generate_batch(encoded, previous_tokens, hotwords, settings)

    steps: list[tuple[int, int]] = []
    fake = Small(lambda settings, window: GOOD)
    frugal = FrugalDecoder(fake, lambda before, after: steps.append((before, after)))
    results = decode(frugal, lay(*[10.0] * 8), TranscribeOptions(beam_size=2))
    assert len(results) == 8
    assert steps == [(10, 5)]
    assert {call[3].beam_size for call in fake.calls} == {2}


def test_a_passage_in_another_language_is_decoded_in_it() -> None:
    decoder = tell(lambda window: write(f"en {window}"))
    decoder.heard = {0: ("en", 0.9), 1: ("de", 0.95), 2: ("de", 0.7), 3: ("fr", 0.99)}
    # The last is too short to tell.
    options = TranscribeOptions(language="en", language_may_change=True)
    results = decode(decoder, lay(20, 18, 16, 2), options)
    texts = {
        measure(result.regions) // SAMPLE_RATE: result.windows[0].kept[0].text for result in results
    }
    assert texts == {20: "en 0", 18: "de 1", 16: "en 2", 2: "en 3"}
    assert list(decoder.spoken) == ["de"]


def test_a_language_that_was_given_does_not_change() -> None:
    decoder = tell(lambda window: write(f"en {window}"))
    results = decode(decoder, lay(20, 18))
    assert [result.windows[0].kept[0].text for result in results] == ["en 0", "en 1"]


def test_what_memory_allows_holds_for_every_language() -> None:
    told: list[tuple[int, int]] = []

    def fail(settings: GenerateSettings, window: int) -> Attempt:
        if settings.beam_size > 1:
            raise MemoryError
        return GOOD

    fake = FakeDecoder(fail)
    fake.heard = {0: ("en", 0.9), 1: ("de", 0.95)}
    options = TranscribeOptions(language="en", language_may_change=True, beam_size=2)
    decode(FrugalDecoder(fake, lambda *counts: told.append(counts)), lay(20, 18), options)
    assert told == [(2, 1)]
    assert [call[3].beam_size for call in fake.spoken["de"].calls][-1] == 1

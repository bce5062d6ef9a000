import numpy as np

from fake_decoder import FakeDecoder, write
from transcriber.engine.decoding.decoder import Attempt, GenerateSettings, Passage, WindowSplit
from transcriber.engine.decoding.windows import WindowResult, decode_windows
from transcriber.engine.options import TranscribeOptions

OPTIONS = TranscribeOptions(language="en")


def walk(
    decoder: FakeDecoder, seconds: float, options: TranscribeOptions = OPTIONS
) -> list[WindowResult]:
    return list(decode_windows(decoder, np.zeros(int(seconds * 16_000), np.float32), options))


def test_windows_follow_each_other_to_the_end() -> None:
    results = walk(FakeDecoder(lambda settings, window: write(f"Window {window}.")), 70)
    assert [result.settled_seconds for result in results] == [30, 60, 70]
    assert [p.text for r in results for p in r.kept] == ["Window 0.", "Window 1.", "Window 2."]


def test_text_prompts_the_next_window_where_that_is_asked_for() -> None:
    decoder = FakeDecoder(lambda settings, window: write("One.|Two."))
    options = TranscribeOptions(
        language="en", initial_prompt=" A ", condition_on_previous_text=True
    )
    walk(decoder, 40, options)
    assert [call[1] for call in decoder.calls] == [[32, 65], [32, 65, 0, 1]]
    decoder.calls.clear()
    walk(decoder, 40, TranscribeOptions(language="en", condition_on_previous_text=False))
    assert [call[1] for call in decoder.calls] == [[], []]


def test_hot_samples_do_not_prompt_the_next_window() -> None:
    decoder = FakeDecoder(
        lambda settings, window: write(
            avg_logprob=-0.1 if settings.temperature > 0.5 else -1.4,
            temperature=settings.temperature,
        )
    )
    walk(decoder, 40, TranscribeOptions(language="en", condition_on_previous_text=True))
    assert all(call[1] == [] for call in decoder.calls)


def test_a_refused_window_is_reported_whole_and_forgotten() -> None:
    decoder = FakeDecoder(
        lambda settings, window: (
            write("you", avg_logprob=-1.5, no_speech_prob=0.9) if window == 1 else write("Fine.")
        )
    )
    options = TranscribeOptions(language="en", condition_on_previous_text=True)
    results = walk(decoder, 70, options)
    ((passage, reason),) = results[1].dropped
    assert (passage.start, passage.end, passage.text, reason) == (30, 60, "you", "silence")
    assert results[1].kept == ()
    assert decoder.calls[-1][1] == []


def test_the_good_start_of_a_looping_window_is_kept() -> None:
    text = "A true start.|" + "|".join(["Thank you."] * 6)
    decoder = FakeDecoder(lambda settings, window: write(text, compression_ratio=4.0))
    (result,) = walk(decoder, 20)
    assert [p.text for p in result.kept] == ["A true start.", *["Thank you."] * 3]
    assert [reason for _, reason in result.dropped] == ["repetition"] * 3


def test_a_loop_that_goes_on_in_later_windows_is_dropped() -> None:
    results = walk(FakeDecoder(lambda settings, window: write("Amen.|Amen.")), 100)
    assert sum(len(result.kept) for result in results) == 3
    assert sum(len(result.dropped) for result in results) == 5


def test_passages_without_text_or_length_are_nothing() -> None:
    class Empty(FakeDecoder):
        def split(self, attempt: Attempt, offset_frames: int, frames: int) -> WindowSplit:
            return WindowSplit(
                (Passage(0, 0, "Zero", (1,)), Passage(1, 2, "  ", (2,))), frames, ends_whole=True
            )

    (result,) = walk(Empty(lambda settings, window: write()), 10)
    assert (result.kept, result.dropped) == ((), ())


def test_a_decoder_that_settles_nothing_cannot_hold_the_walk() -> None:
    class Stuck(FakeDecoder):
        def split(self, attempt: Attempt, offset_frames: int, frames: int) -> WindowSplit:
            return WindowSplit((), 0, ends_whole=False)

    decoder = Stuck(lambda settings, window: write())
    walk(decoder, 0.1)
    assert decoder.windows == 10


def test_with_words_the_next_window_begins_after_the_last_one() -> None:
    class Unfinished(FakeDecoder):
        def split(self, attempt: Attempt, offset_frames: int, frames: int) -> WindowSplit:
            start = offset_frames / 100
            passage = Passage(start, start + 12.5, "Said so far.", (1,))
            return WindowSplit((passage,), 3_000, ends_whole=frames < 3_000)

    options = TranscribeOptions(language="en", word_timestamps=True)
    results = walk(Unfinished(lambda settings, window: write()), 40, options)
    assert [result.settled_seconds for result in results] == [12.5, 40]
    assert results[0].kept[0].words[0].end == 12.5


def test_the_settings_come_from_the_options() -> None:
    seen: list[GenerateSettings] = []

    def script(settings: GenerateSettings, window: int) -> Attempt:
        seen.append(settings)
        return write()

    walk(
        FakeDecoder(script), 5, TranscribeOptions(language="en", beam_size=2, best_of=3, patience=2)
    )
    assert (seen[0].beam_size, seen[0].best_of, seen[0].patience) == (2, 3, 2)

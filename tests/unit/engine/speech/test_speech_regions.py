import numpy as np
import pytest

from transcriber.engine.speech.buffer import SampleBuffer
from transcriber.engine.speech.regions import (
    Region,
    find_regions,
    find_speech,
    pad_regions,
    part_at_long_silences,
)
from transcriber.engine.speech.timeline import SpeechTimeline


def test_hysteresis_keeps_speech_on_between_the_thresholds() -> None:
    assert find_regions([0.4, 0.6, 0.4, 0.36, 0.3, 0.4]) == [Region(512, 4 * 512)]


def test_silences_under_two_seconds_do_not_part_regions() -> None:
    short, long = [0.0] * 60, [0.0] * 64
    assert len(find_regions([0.9, *short, 0.9])) == 1
    assert len(find_regions([0.9, *long, 0.9])) == 2


def test_padding_stays_inside_the_audio_and_short_edges_are_kept() -> None:
    assert pad_regions([Region(512, 20_000)], 21_000) == [Region(0, 21_000)]
    assert pad_regions([Region(31_000, 50_000)], 80_000) == [Region(0, 80_000)]
    assert pad_regions([Region(40_000, 50_000)], 90_000) == [Region(33_600, 56_400)]
    assert pad_regions([], 90_000) == []


def make_noise(seconds: float) -> np.ndarray:
    return (0.05 * np.random.default_rng(5).standard_normal(int(seconds * 16_000))).astype("f4")


def make_chord(seconds: float) -> np.ndarray:
    times = np.arange(int(seconds * 16_000)) / 16_000
    tones = [np.sin(2 * np.pi * pitch * times) for pitch in (220.0, 277.2, 329.6)]
    return (0.2 * np.sum(tones, axis=0)).astype("f4")


@pytest.mark.parametrize(
    "audio", [np.zeros(160_000, "f4"), make_noise(20), make_chord(20), np.zeros(0, "f4")]
)
def test_silence_noise_and_tones_are_no_speech(audio: np.ndarray) -> None:
    assert find_speech(audio) == []


def test_ten_seconds_of_silence_part_what_is_decoded_as_one() -> None:
    near = [Region(0, 16_000), Region(16_000 + 159_999, 200_000)]
    far = Region(200_000 + 160_000, 400_000)
    assert part_at_long_silences([*near, far]) == [near, [far]]
    assert part_at_long_silences([]) == []


def test_times_in_joined_speech_come_back_to_the_recording() -> None:
    # Speech from 1 to 3 s and from 10 to 12 s, each with its padding.
    timeline = SpeechTimeline([Region(16_000, 48_000), Region(160_000, 192_000)])
    audio = np.arange(200_000, dtype="f4")
    joined = timeline.join(audio)
    assert len(joined) == 64_000
    assert (joined[0], joined[32_000]) == (16_000, 160_000)
    assert timeline.restore(0.5, 1.5) == (1.5, 2.5)
    assert timeline.restore(2.5, 3.5) == (10.5, 11.5)
    assert timeline.restore(1.0, 3.0) == (2.0, 11.0)


def test_a_join_belongs_to_the_side_of_the_words() -> None:
    timeline = SpeechTimeline([Region(16_000, 48_000), Region(160_000, 192_000)])
    assert timeline.restore(1.8, 3.0) == (10.0, 11.0)
    assert timeline.restore(1.0, 2.2) == (2.0, 3.0)
    assert timeline.restore(1.0, 2.0) == (2.0, 3.0)
    assert timeline.restore(2.0, 3.0) == (10.0, 11.0)


def test_times_beyond_the_speech_stop_at_its_end() -> None:
    assert SpeechTimeline([Region(0, 16_000)]).restore(0.9, 30.0) == (0.9, 1.0)


def test_the_buffer_gives_back_what_it_was_given_in_order() -> None:
    buffer = SampleBuffer(10)
    expected: list[float] = []
    for step in range(50):
        block = np.arange(step * 4, step * 4 + 4, dtype="f4")
        buffer.append(block)
        expected.extend(block.tolist())
        if len(buffer) > 5:
            buffer.drop(5)
            expected = expected[5:]
        assert buffer.copy_first(100).tolist() == expected


def test_the_buffer_refuses_more_than_it_holds() -> None:
    buffer = SampleBuffer(3)
    with pytest.raises(ValueError, match="at most 3 samples"):
        buffer.append(np.zeros(4, "f4"))

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from transcriber.engine.errors import SpeakersError
from transcriber.engine.results import Span
from transcriber.engine.speakers.hearing import hear_voices
from transcriber.engine.speakers.segmentation import WINDOW_SAMPLES, hear_windows
from transcriber.engine.speakers.voiceprints import print_voices
from transcriber.engine.speakers.weights import SEGMENTATION, find_missing, load_network

RATE = 16_000
NOBODY, FIRST, SECOND, BOTH = 0, 1, 2, 4
"""Outputs of the network: who of a window's voices speaks."""


@dataclass
class FakeSegmentation:
    """Says who speaks in every second of each window, as a test tells it."""

    script: list[list[int]]
    windows: list[NDArray[np.float32]] = field(default_factory=list[NDArray[np.float32]])

    def run(
        self, output_names: None, input_feed: Mapping[str, NDArray[np.float32]], /
    ) -> list[NDArray[np.float32]]:
        seconds = self.script[len(self.windows)]
        self.windows.append(input_feed["input"])
        scores = np.zeros((1, 589, 7), np.float32)
        for frame in range(589):
            scores[0, frame, seconds[min(frame * 270 // RATE, 9)]] = 1
        return [scores]


@dataclass
class FakeVoiceprint:
    """Gives the loudness of the lowest bands as the point."""

    batches: list[int] = field(default_factory=list[int])

    def run(
        self, output_names: None, input_feed: Mapping[str, NDArray[np.float32]], /
    ) -> list[NDArray[np.float32]]:
        mel = input_feed["mel"]
        self.batches.append(len(mel))
        points = np.zeros((len(mel), 256), np.float32)
        points[:, :40] = mel.mean(axis=1)
        return [points]


def tone(seconds: float, hertz: float = 300.0) -> NDArray[np.float32]:
    return (0.1 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(
        np.float32
    )


def test_windows_overlap_by_half_and_the_last_one_is_filled_up() -> None:
    network = FakeSegmentation([[FIRST] * 10] * 3)
    found = list(hear_windows(tone(17), network))
    assert [start for start, _ in found] == [0, 5 * RATE, 10 * RATE]
    assert [window.shape for window in network.windows] == [(1, 1, WINDOW_SAMPLES)] * 3
    assert not network.windows[2][0, 0, 7 * RATE :].any()
    _, last = found[2]
    assert last[: 7 * RATE // 270, 0].all()
    assert not last[7 * RATE // 270 + 1 :].any()


@pytest.mark.parametrize(("seconds", "windows"), [(0, 0), (0.5, 1), (10, 1), (10.1, 2), (15, 2)])
def test_all_audio_is_heard_and_no_window_is_needless(seconds: float, windows: int) -> None:
    assert len(list(hear_windows(tone(seconds), FakeSegmentation([[FIRST] * 10] * 9)))) == windows


def test_voices_have_the_recordings_times() -> None:
    network = FakeSegmentation([[NOBODY, FIRST, FIRST, SECOND, BOTH, *[NOBODY] * 5]])
    first, second = hear_voices(
        tone(10), Span(3, 200.0, 210.0), segmentation=network, voiceprint=FakeVoiceprint()
    )
    assert first.window == second.window == 0
    # A frame stands for the middle of the 62 ms it sees.
    np.testing.assert_allclose(first.runs, [(201, 203), (204, 205)], atol=0.04)
    np.testing.assert_allclose(second.runs, [(203, 205)], atol=0.04)
    assert first.seconds == pytest.approx(3.0, abs=0.04)


def test_a_voice_is_printed_from_where_it_is_alone() -> None:
    audio = np.concatenate([tone(2, 300), tone(2, 2_000), tone(2, 300) + tone(2, 2_000), tone(4)])
    network = FakeSegmentation([[FIRST, FIRST, SECOND, SECOND, BOTH, BOTH, *[NOBODY] * 4]])
    voiceprint = FakeVoiceprint()
    first, second = hear_voices(
        audio, Span(0, 0.0, 10.0), segmentation=network, voiceprint=voiceprint
    )
    assert first.print is not None
    assert second.print is not None
    assert float(first.print @ second.print) < 0.05
    assert float(np.linalg.norm(first.print)) == pytest.approx(1.0, abs=1e-5)


def test_too_little_of_a_voice_gives_no_print() -> None:
    class Blip(FakeSegmentation):
        def run(
            self, output_names: None, input_feed: Mapping[str, NDArray[np.float32]], /
        ) -> list[NDArray[np.float32]]:
            (scores,) = super().run(output_names, input_feed)
            scores[0, :5] = np.eye(7, dtype=np.float32)[FIRST]
            return [scores]

    (voice,) = hear_voices(
        tone(10),
        Span(0, 0.0, 10.0),
        segmentation=Blip([[NOBODY] * 10]),
        voiceprint=FakeVoiceprint(),
    )
    assert voice.print is None


def test_nobody_is_heard_in_silence() -> None:
    silence = np.zeros(10 * RATE, np.float32)
    network, voiceprint = FakeSegmentation([[NOBODY] * 10]), FakeVoiceprint()
    span = Span(0, 0.0, 10.0)
    assert hear_voices(silence, span, segmentation=network, voiceprint=voiceprint) == ()
    assert voiceprint.batches == []


def test_work_stops_between_windows_when_it_is_told_to() -> None:
    network = FakeSegmentation([[FIRST] * 10] * 5)

    def stop() -> None:
        if len(network.windows) == 2:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        hear_voices(
            tone(30),
            Span(0, 0.0, 30.0),
            stop,
            segmentation=network,
            voiceprint=FakeVoiceprint(),
        )
    assert len(network.windows) == 2


def test_prints_are_made_in_batches_and_averaged() -> None:
    network = FakeVoiceprint()
    prints = print_voices([tone(60), tone(0.3)], network)
    assert [each.shape for each in prints] == [(256,), (256,)]
    assert max(network.batches) == 32
    assert float(prints[0] @ prints[1]) > 0.99


def test_quiet_audio_is_raised_to_the_level_of_training() -> None:
    network = FakeVoiceprint()
    loud, quiet = print_voices([tone(2), tone(2) / 100], network)
    assert float(loud @ quiet) > 0.999


def test_an_installation_without_the_networks_says_so(tmp_path: Path) -> None:
    assert find_missing(tmp_path) == ["segmentation.onnx", "voiceprint.onnx"]
    with pytest.raises(SpeakersError, match=r"lacks segmentation\.onnx") as caught:
        load_network(SEGMENTATION, tmp_path)
    assert caught.value.code == "speakers_unavailable"


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    (tmp_path / SEGMENTATION).write_bytes(b"no network")
    with pytest.raises(SpeakersError, match=r"segmentation\.onnx of this installation cannot be"):
        load_network(SEGMENTATION, tmp_path)

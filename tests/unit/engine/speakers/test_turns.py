import numpy as np

from transcriber.engine.results import Span
from transcriber.engine.speakers.turns import find_turns
from transcriber.engine.speakers.voices import Turn, Voice

PRINT = np.eye(1, 256, dtype=np.float32)[0]


def voice(window: int, *runs: tuple[float, float]) -> Voice:
    return Voice(window, runs, PRINT)


def test_windows_that_agree_give_one_turn() -> None:
    span = Span(0, 100.0, 115.0)
    voices = [voice(0, (102.0, 110.0)), voice(1, (105.0, 112.0))]
    assert find_turns(span, voices, [0, 0]) == [Turn(102.0, 112.0, 0)]


def test_speakers_take_turns_and_may_overlap() -> None:
    span = Span(0, 0.0, 10.0)
    voices = [voice(0, (0.0, 5.0)), voice(0, (4.0, 9.0))]
    assert find_turns(span, voices, [0, 1]) == [Turn(0.0, 5.0, 0), Turn(4.0, 9.0, 1)]


def test_no_more_speak_at_once_than_were_heard_at_once() -> None:
    span = Span(0, 0.0, 15.0)
    # The first window takes the voice for one speaker's, the second for another's.
    voices = [voice(0, (6.0, 9.0)), voice(1, (6.0, 9.0))]
    assert find_turns(span, voices, [1, 0]) == [Turn(6.0, 9.0, 0)]


def test_a_voice_that_is_nobodys_has_no_turn() -> None:
    span = Span(0, 0.0, 10.0)
    assert find_turns(span, [voice(0, (1.0, 2.0))], [None]) == []
    assert find_turns(span, [], []) == []


def test_a_speaker_pauses() -> None:
    span = Span(0, 0.0, 10.0)
    found = find_turns(span, [voice(0, (1.0, 2.0), (3.0, 4.0))], [0])
    assert found == [Turn(1.0, 2.0, 0), Turn(3.0, 4.0, 0)]

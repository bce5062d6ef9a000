import numpy as np
import pytest
from numpy.typing import NDArray

from transcriber.engine.speakers.grouping import group_voices
from transcriber.engine.speakers.voices import PRINT_SIZE, Voice

Print = NDArray[np.float32]


class People:
    """Voices of people who sound nothing alike, each a little different every time."""

    def __init__(self, count: int, *, spread: float = 0.2) -> None:
        self._random = np.random.default_rng(7)
        self._means = np.eye(count, PRINT_SIZE, dtype=np.float32)
        self._spread = spread

    def speak(self, person: int, window: int, *, seconds: float = 3.0) -> Voice:
        noise = self._random.normal(0, self._spread / PRINT_SIZE**0.5, PRINT_SIZE)
        point = self._means[person] + noise.astype(np.float32)
        start = window * 5.0
        return Voice(window, ((start, start + seconds),), point / np.linalg.norm(point))


def test_voices_that_sound_alike_are_one_speakers_over_all_spans() -> None:
    people = People(3)
    said = [[0, 1, 0], [2, 1], [0, 2, 2]]
    spans = [
        [people.speak(who, window) for window, who in enumerate(span, number * 10)]
        for number, span in enumerate(said)
    ]
    assert group_voices(spans) == said


def test_speakers_are_numbered_as_they_first_speak() -> None:
    people = People(2)
    assert group_voices([[people.speak(1, 0), people.speak(0, 1)], [people.speak(1, 0)]]) == [
        [0, 1],
        [0],
    ]


def test_two_voices_of_one_window_are_never_one_speaker() -> None:
    people = People(2)
    spans = [
        [people.speak(0, 0), people.speak(1, 1)],
        # Both sound like the first.
        [people.speak(0, 0), people.speak(0, 0, seconds=1.3)],
    ]
    found = group_voices(spans)[1]
    assert sorted(each for each in found if each is not None) == [0, 1]


def test_the_number_of_speakers_can_be_given() -> None:
    people = People(3)
    spans = [[people.speak(who, window) for window, who in enumerate([0, 1, 2, 0, 1, 2])]]
    found = group_voices(spans, 2)
    assert {each for each in found[0] if each is not None} == {0, 1}
    assert group_voices(spans, 1) == [[0] * 6]


def test_a_cough_is_not_one_of_two_speakers() -> None:
    people = People(3)
    talk = [people.speak(window % 2, window, seconds=8.0) for window in range(20)]
    cough = people.speak(2, 20, seconds=1.3)
    found = group_voices([[*talk, cough]], 2)[0]
    assert found[:20] == [0, 1] * 10


def test_more_speakers_than_voices_can_be_asked_for() -> None:
    people = People(2)
    assert group_voices([[people.speak(0, 0), people.speak(1, 1)]], 20) == [[0, 1]]
    assert group_voices([[people.speak(0, 0)]], 20) == [[0]]


def test_who_is_hardly_heard_is_given_to_whom_they_sound_like() -> None:
    people = People(2)
    spans = [[*(people.speak(0, window) for window in range(5)), people.speak(1, 5, seconds=0.4)]]
    assert group_voices(spans) == [[0] * 6]


def test_a_voice_without_a_print_is_nobodys() -> None:
    people = People(1)
    unheard = Voice(1, ((5.0, 5.1),), None)
    assert group_voices([[people.speak(0, 0), unheard]]) == [[0, None]]
    assert group_voices([[unheard], []]) == [[None], []]


@pytest.mark.parametrize("count", [None, 4])
def test_a_long_recording_is_grouped_in_pieces(count: int | None) -> None:
    people = People(4)
    said = [[(span + place) % 4 for place in range(30)] for span in range(100)]
    spans = [[people.speak(who, window) for window, who in enumerate(span)] for span in said]
    assert group_voices(spans, count) == said


def test_people_who_all_sound_different_do_not_stop_the_grouping() -> None:
    random = np.random.default_rng(3)
    points = random.normal(0, 1, (1_500, PRINT_SIZE)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    voices = [Voice(place, ((place, place + 2.0),), point) for place, point in enumerate(points)]
    found = group_voices([voices])[0]
    assert all(each is not None for each in found)

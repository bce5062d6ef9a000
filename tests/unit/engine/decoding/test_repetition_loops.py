import pytest

from transcriber.engine.decoding.repetition import is_loop, mark_repeats, normalise, repeats_end


@pytest.mark.parametrize(
    "text",
    [
        "no " * 9,
        "Thank you. " * 5,
        "So this is what we do, " * 5,
        "It began well and then it went on and on and on and on and on and on",
        "はい" * 9,
    ],
)
def test_a_phrase_said_too_often_is_a_loop(text: str) -> None:
    assert is_loop(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No, no, no, no!",
        "Ha ha ha ha ha ha ha ha.",
        "It was the best of times, it was the worst of times, it was the age of wisdom.",
        "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better.",
        "こんにちは、世界。今日はいい天気ですね。",
    ],
)
def test_what_people_say_is_no_loop(text: str) -> None:
    assert not is_loop(text)


def test_the_fourth_equal_passage_in_a_row_is_marked() -> None:
    assert mark_repeats(["Thanks.", "thanks", "Thanks!", "Thanks.", "Bye."], []) == [
        False,
        False,
        False,
        True,
        False,
    ]


def test_a_loop_that_crosses_windows_is_marked() -> None:
    assert mark_repeats(["Yes.", "And then?"], ["No.", "Yes.", "Yes.", "Yes."]) == [True, False]


def test_passages_of_punctuation_alone_are_not_compared() -> None:
    assert mark_repeats(["...", "...", "...", "...", "..."], []) == [False] * 5


def test_texts_are_compared_without_case_and_punctuation() -> None:
    assert normalise("  “Don't—STOP!” ") == "don t stop"


def test_the_end_of_a_text_said_again_is_known() -> None:
    assert repeats_end("times.", "It was the best of times,")
    assert repeats_end(" Of times!", "It was the best of times,")
    assert repeats_end("時代", "最も良い時代")
    assert not repeats_end("imes", "It was the best of times,")
    assert not repeats_end("It was", "It was the best of times,")
    assert not repeats_end("...", "It was the best of times,")

from collections.abc import Iterator

import pytest

from transcriber.engine.decoding.language import check_request, vote_language
from transcriber.engine.errors import OptionsError
from transcriber.engine.options import TranscribeOptions
from transcriber.engine.results import DetectedLanguage

MANY = ("en", "fr", "ja")


def test_an_unknown_language_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OptionsError, match=r"language 'xx' .* base knows: en, fr, ja\."):
        check_request(TranscribeOptions(language="xx"), model="base", languages=MANY)


def test_an_english_model_neither_translates_nor_hears_french() -> None:
    with pytest.raises(OptionsError, match=r"translate needs a multilingual model; base\.en"):
        check_request(TranscribeOptions(task="translate"), model="base.en", languages=("en",))
    with pytest.raises(OptionsError, match="language 'fr'"):
        check_request(TranscribeOptions(language="fr"), model="base.en", languages=("en",))
    check_request(TranscribeOptions(language="en"), model="base.en", languages=("en",))


def test_a_confident_first_window_decides_and_no_other_is_heard() -> None:
    heard = 0

    def windows() -> Iterator[list[tuple[str, float]]]:
        nonlocal heard
        for _ in range(3):
            heard += 1
            yield [("fr", 0.8), ("en", 0.2)]

    assert vote_language(windows()) == DetectedLanguage("fr", 0.8)
    assert heard == 1


def test_doubtful_windows_vote() -> None:
    windows = [
        [("fr", 0.4), ("en", 0.35), ("ja", 0.25)],
        [("en", 0.45), ("fr", 0.3), ("ja", 0.25)],
        [("en", 0.46), ("fr", 0.3), ("ja", 0.24)],
        [("ja", 1.0)],
    ]
    assert vote_language(windows) == DetectedLanguage("en", 0.42)


def test_one_doubtful_window_is_taken_for_what_it_is() -> None:
    assert vote_language([[("ja", 0.3), ("en", 0.2)]]) == DetectedLanguage("ja", 0.3)

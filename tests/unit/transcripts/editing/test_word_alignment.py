"""Which words of a corrected text keep their times."""

from hypothesis import given
from hypothesis import strategies as st

from transcriber.engine.results import Word
from transcriber.transcripts.editing.words import align_words, split_atoms, spread_words


def hear(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(float(i), float(i + 1), text, 0.5) for i, text in enumerate(texts))


def show(words: tuple[Word, ...]) -> list[tuple[str, float, float, float]]:
    return [(word.word, word.start, word.end, word.probability) for word in words]


def test_words_that_stay_keep_their_times_and_new_ones_come_between() -> None:
    words = align_words(hear(" we", " saw", " whales"), "we really saw two whales", 0.0, 3.0)
    assert show(words) == [
        (" we", 0.0, 1.0, 0.5),
        (" really", 1.0, 1.0, 1.0),
        (" saw", 1.0, 2.0, 0.5),
        (" two", 2.0, 2.0, 1.0),
        (" whales", 2.0, 3.0, 0.5),
    ]


def test_a_word_that_is_replaced_gives_its_time_to_those_in_its_place() -> None:
    words = align_words(hear(" a", " whale", " swims"), "a big fish swims", 0.0, 3.0)
    assert show(words) == [
        (" a", 0.0, 1.0, 0.5),
        (" big", 1.0, 1.444, 1.0),
        (" fish", 1.444, 2.0, 1.0),
        (" swims", 2.0, 3.0, 0.5),
    ]


def test_a_sign_beside_a_word_changes_nothing_of_its_time() -> None:
    words = align_words(hear(" Well", " then."), "Well, then", 0.0, 2.0)
    assert show(words) == [(" Well,", 0.0, 1.0, 0.5), (" then", 1.0, 2.0, 0.5)]


def test_a_word_in_two_pieces_stays_in_two() -> None:
    words = align_words(hear(" AI", "-driven", " cars"), "AI-driven whales", 0.0, 3.0)
    assert [word.word for word in words] == [" AI", "-driven", " whales"]
    assert [word.start for word in words] == [0.0, 1.0, 2.0]


def test_a_script_without_spaces_keeps_its_words() -> None:
    words = align_words(hear("東京", "都", "は"), "東京府は", 0.0, 3.0)
    assert show(words) == [("東京", 0.0, 1.0, 0.5), ("府", 1.0, 2.0, 1.0), ("は", 2.0, 3.0, 0.5)]


def test_marks_after_letters_belong_to_their_word() -> None:
    words = align_words(hear(" हिन्दी", " भाषा"), "हिन्दी बोली", 0.0, 2.0)
    assert [(word.word, word.probability) for word in words] == [(" हिन्दी", 0.5), (" बोली", 1.0)]


def test_a_segment_without_words_gets_none() -> None:
    assert align_words((), "some text", 0.0, 1.0) == ()


def test_words_nobody_heard_share_the_time() -> None:
    assert show(spread_words("ab cd", 1.0, 2.0)) == [
        (" ab", 1.0, 1.5, 1.0),
        (" cd", 1.5, 2.0, 1.0),
    ]
    assert [word.word for word in spread_words("東京", 0.0, 2.0)] == ["東", "京"]


spoken = st.lists(
    st.sampled_from([" a", " whale", "-driven", " end.", "東", "。", " don't", "--", " é"]),
    min_size=1,
    max_size=12,
)
written = st.text(min_size=1, max_size=60).map(lambda text: " ".join(text.split())).filter(bool)


@given(texts=spoken, text=written)
def test_the_words_are_the_text_in_rising_time(texts: list[str], text: str) -> None:
    words = align_words(hear(*texts), text, 0.0, float(len(texts)))
    assert "".join(word.word for word in words).strip() == text.strip()
    edges = [edge for word in words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert all(word.word.strip() for word in words)


@given(texts=spoken)
def test_a_text_that_did_not_change_keeps_every_letters_time(texts: list[str]) -> None:
    words = hear(*texts)
    again = align_words(words, "".join(texts).strip(), 0.0, float(len(texts)))
    kept = {(word.start, word.end) for word in again if word.probability != 1.0}
    lettered = [word for word in words if any(each.isalnum() for each in word.word)]
    assert {(word.start, word.end) for word in lettered} <= kept


@given(st.text(max_size=60))
def test_pieces_are_the_text(text: str) -> None:
    assert "".join(split_atoms(text)).rstrip() == text.rstrip()

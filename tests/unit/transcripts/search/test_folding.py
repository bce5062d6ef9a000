import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.transcripts.search.folding import MAX_TERM_LENGTH, fold_name, split_terms


def split(text: str) -> list[str]:
    return [term.text for term in split_terms(text)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The board-room's 3.5 %", ["the", "board", "room", "s", "3", "5"]),
        ("Käse, ÉTÉ, Łódź, Straße", ["kase", "ete", "lodz", "strasse"]),
        ("Kafe\u0301 re\u0301sume\u0301", ["kafe", "resume"]),
        ("ΣΊΣΥΦΟΣ σίσυφος", ["σισυφοσ", "σισυφοσ"]),
        ("İstanbul ISPARTA \u0131sparta", ["istanbul", "isparta", "isparta"]),
        ("ﬁn ½ \uff21\uff22", ["fin", "12", "ab"]),
        ("co\u00adoperate zero\u200dwidth", ["cooperate", "zerowidth"]),
        ("東京に行く", ["東", "京", "に", "行", "く"]),
        ("ｶﾞｽ ガス", ["ガ", "ス", "ガ", "ス"]),
        ("か\u3099く がく", ["が", "く", "が", "く"]),
        ("한국어를 GPT-4로", ["한", "국", "어", "를", "gpt", "4", "로"]),
        (unicodedata.normalize("NFD", "한국"), ["한", "국"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("كِتَاب كتاب", ["كتاب", "كتاب"]),
        ("שָׁלוֹם שלום", ["שלום", "שלום"]),
        ("กำ ไป", ["ก", "ํา", "ไ", "ป"]),
        ("snake_case\x00nul", ["snake", "case", "nul"]),
        ("\ud800a\u0301", ["a"]),
        ("… — 🎉 \u0301", []),
        ("x" * 500, ["x" * MAX_TERM_LENGTH]),
    ],
)
def test_texts_become_terms(text: str, terms: list[str]) -> None:
    assert split(text) == terms


@given(st.text(max_size=60))
def test_terms_lie_in_order_inside_the_text_and_hold_letters_only(text: str) -> None:
    end = 0
    for term in split_terms(text):
        assert end <= term.start < term.end <= len(text)
        end = term.end
        assert term.text
        assert all(unicodedata.category(each)[0] in "LNM" for each in term.text)
        assert len(term.text) <= MAX_TERM_LENGTH


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_plain_texts_are_divided_as_all_others(text: str) -> None:
    # A letter in front takes the long way.
    assert split(f"é {text}")[1:] == split(text)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Réunion  du\t3.m4a ", "reunion du 3.m4a"),
        ("a\u202eb\x00c\ud800d", "a b c d"),
        ("STRASSE.wav", "strasse.wav"),
        ("", ""),
    ],
)
def test_names_are_folded_and_stay_names(name: str, key: str) -> None:
    assert fold_name(name) == key


@given(st.text(max_size=40))
def test_a_folded_name_can_be_kept_anywhere(name: str) -> None:
    assert fold_name(name).isprintable()

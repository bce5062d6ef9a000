import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcriber.infra.errors import InvalidError
from transcriber.recordings.names import build_disposition, clean_name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("talk.mp3", "talk.mp3"),
        ("  talk.mp3 ", "talk.mp3"),
        ("../../x", "../../x"),
        ("a\x00b\r\nc", "a\\x00b\\x0d\\x0ac"),
        ("\u202e3pm.exe", "\\u202e3pm.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("日本語.wav", "日本語.wav"),
        ("", "recording"),
        ("n" * 5000, "n" * 255),
        ("n" * 253 + "\x00", "n" * 253),
    ],
)
def test_names_are_shown_as_they_are(raw: str, shown: str) -> None:
    assert clean_name(raw) == shown


def test_a_lone_surrogate_is_no_name() -> None:
    with pytest.raises(InvalidError):
        clean_name("a\udc80b")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_text_becomes_one_visible_line_that_fits_its_column(raw: str) -> None:
    shown = clean_name(raw)
    assert 1 <= len(shown) <= 255
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


@pytest.mark.parametrize(
    ("name", "ascii_name"),
    [
        ("talk.mp3", "talk.srt"),
        ("CON", "_CON.srt"),
        ("con.mp3", "_con.srt"),
        (".htaccess", "htaccess.srt"),
        ("--exec", "_--exec.srt"),
        ("../../x", "_.._x.srt"),
        ("a.mp3.html", "a.mp3.srt"),
        ("café.mp3", "cafe.srt"),
        ("日本語", "recording.srt"),
        ('a"b;c.mp3', "a_b_c.srt"),
    ],
)
def test_downloads_have_safe_names(name: str, ascii_name: str) -> None:
    assert f'filename="{ascii_name}"' in build_disposition(name, ".srt")


def test_the_full_name_travels_as_rfc_8187() -> None:
    assert "filename*=UTF-8''caf%C3%A9.txt" in build_disposition("café.mp3", ".txt")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_no_name_breaks_out_of_the_header(raw: str) -> None:
    header = build_disposition(clean_name(raw), ".srt")
    pattern = (
        r"attachment; filename=\"[^\"\\\x00-\x1f\x7f-\uffff/]+\.srt\"; filename\*=UTF-8''[!-~]+"
    )
    assert re.fullmatch(pattern, header)

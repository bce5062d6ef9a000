"""What a stored file is called over HTTP."""

import pytest

from transcriber.recordings.conditions import is_known, is_range_wanted
from transcriber.recordings.media_types import (
    KINDS,
    UNKNOWN_TYPE,
    choose_extension,
    choose_media_type,
)

MP4 = "mov,mp4,m4a,3gp,3g2,mj2"


@pytest.mark.parametrize(
    ("container", "has_video", "media_type"),
    [
        ("wav", False, "audio/wav"),
        ("mp3", True, "audio/mpeg"),
        (MP4, False, "audio/mp4"),
        (MP4, True, "video/mp4"),
        ("webm", True, "video/webm"),
        ("matroska,webm", False, "audio/x-matroska"),
        ("ogg", None, "audio/ogg"),
        ("tta", False, UNKNOWN_TYPE),
        (None, None, UNKNOWN_TYPE),
    ],
)
def test_the_container_names_the_type(
    container: str | None, *, has_video: bool | None, media_type: str
) -> None:
    assert choose_media_type(container, has_video=has_video) == media_type


def test_only_sound_and_pictures_are_ever_named() -> None:
    types = {each for kind in KINDS.values() for each in (kind.audio, kind.video) if each}
    assert {each.partition("/")[0] for each in types} == {"audio", "video"}


@pytest.mark.parametrize(
    ("container", "name", "extension"),
    [
        ("wav", "talk.WAV", ".wav"),
        ("wav", "talk.mp3", ".wav"),
        ("mp3", "a.mp3.html", ".mp3"),
        (MP4, "film.mov", ".mov"),
        (MP4, "film", ".m4a"),
        (None, "talk.m4a", ".m4a"),
        (None, "talk.html", ".bin"),
        (None, "talk", ".bin"),
        ("tta", "talk.exe", ".bin"),
    ],
)
def test_a_name_gives_its_extension_only_where_it_fits(
    container: str | None, name: str, extension: str
) -> None:
    assert choose_extension(container, name) == extension


@pytest.mark.parametrize(
    ("header", "known"),
    [
        (None, False),
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ("a", False),
        ("", False),
    ],
)
def test_known_versions_are_not_sent_again(header: str | None, *, known: bool) -> None:
    assert is_known(header, '"a"') is known


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, True),
        ('"a"', True),
        ('W/"a"', False),
        ('"b"', False),
        ("Wed, 21 Oct 2015 07:28:00 GMT", False),
    ],
)
def test_a_range_is_of_one_version_only(header: str | None, *, wanted: bool) -> None:
    assert is_range_wanted(header, '"a"') is wanted

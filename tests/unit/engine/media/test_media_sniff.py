import pytest

from transcriber.engine.media.sniff import SNIFFED_BYTES, Foreign, name_foreign_content


@pytest.mark.parametrize(
    ("head", "found", "code"),
    [
        (b"ffconcat version 1.0\nfile 'a'\n", "text (a playlist)", "playlist"),
        (b"\xef\xbb\xbf#EXTM3U\n", "text (a playlist)", "playlist"),
        (b"v=0\r\no=- 0 0 IN IP4 1.2.3.4\r\n", "text (a session description)", "playlist"),
        (b"<?xml version='1.0'?><MPD></MPD>", "text (a streaming manifest)", "playlist"),
        ("<HTML>".encode("utf-16"), "text (a web page)", "unsupported"),
        (b"Dear diary,\n", "text", "unsupported"),
        (b"PK\x03\x04rest", "a ZIP archive or office document", "unsupported"),
        (b"\x7fELF\x02", "a program", "unsupported"),
        (b"Salted__\x01\x02", "an encrypted file", "encrypted"),
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document", "unsupported"),
    ],
)
def test_foreign_content_is_named(head: bytes, found: str, code: str) -> None:
    assert name_foreign_content(head) == Foreign(found, code)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"ID3\x03\x00\x00",
        b"OggS\x00",
        b"#!AMR\n\x3c\x91\x17",
        b"\xff\xfb\x90",
    ],
)
def test_what_may_be_media_is_left_to_the_decoder(head: bytes) -> None:
    assert name_foreign_content(head) is None


def test_a_character_cut_in_two_is_still_text() -> None:
    head = ("x" * (SNIFFED_BYTES - 1) + "é").encode()[:SNIFFED_BYTES]
    assert name_foreign_content(head) == Foreign("text")

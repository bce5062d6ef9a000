"""Files that name other files or hosts: nothing but the recording itself is ever opened."""

import socket
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import pytest

from hostile_media import build_avi_with_subtitle, build_noise, build_wav
from transcriber.engine.errors import MediaError
from transcriber.engine.media import open_audio, probe_media


def refuse(path: Path) -> MediaError:
    with pytest.raises(MediaError) as caught:
        probe_media(path)
    assert str(caught.value).startswith(f"{path.name} ")
    return caught.value


@contextmanager
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield server


def assert_untouched(server: socket.socket) -> None:
    with pytest.raises(BlockingIOError):
        server.accept()


@pytest.mark.parametrize("place", ["relative", "absolute", "parent"])
def test_a_concat_script_does_not_open_its_neighbour(tmp_path: Path, place: str) -> None:
    folder = tmp_path / "uploads"
    folder.mkdir()
    target = tmp_path / "secret.wav" if place == "parent" else folder / "secret.wav"
    target.write_bytes(build_wav(build_noise(1.0)))
    named = {"relative": "secret.wav", "absolute": str(target), "parent": "../secret.wav"}[place]
    script = folder / "song.mp3"
    script.write_text(f"ffconcat version 1.0\nfile '{named}'\n")
    refusal = refuse(script)
    assert (refusal.code, "text (a playlist)" in str(refusal)) == ("playlist", True)


def test_an_hls_playlist_reaches_no_host(tmp_path: Path) -> None:
    with listening() as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}\n#EXT-X-ENDLIST\n"
        path = tmp_path / "song.mp3"
        path.write_text(playlist)
        assert refuse(path).code == "playlist"
        assert_untouched(server)


def test_an_hls_playlist_reaches_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(build_wav(build_noise(1.0)))
    path = tmp_path / "song.m4a"
    path.write_text(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{tmp_path}/a.wav\n#EXT-X-ENDLIST\n"
    )
    assert refuse(path).code == "playlist"


def test_a_dash_manifest_reaches_no_host(tmp_path: Path) -> None:
    with listening() as server:
        base = f"http://127.0.0.1:{server.getsockname()[1]}/"
        path = tmp_path / "song.mp4"
        path.write_text(
            '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static">'
            f"<Period><AdaptationSet><Representation><BaseURL>{base}</BaseURL>"
            "</Representation></AdaptationSet></Period></MPD>"
        )
        refusal = refuse(path)
        assert (refusal.code, "manifest" in str(refusal)) == ("playlist", True)
        assert_untouched(server)


def test_a_session_description_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(
        b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        b"m=audio 5004 RTP/AVP 0\r\n"
    )
    started = time.monotonic()
    assert refuse(path).code == "playlist"
    assert time.monotonic() - started < 2.0


@pytest.mark.parametrize(
    "disguise", [b"\x00", b"\xff\xfe\x00\x01", b"ID3\x04\x00\x00\x00\x00\x00\x00"]
)
def test_a_playlist_behind_binary_bytes_is_not_followed(tmp_path: Path, disguise: bytes) -> None:
    # The text check does not see these; the list of containers must hold by itself.
    with listening() as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        text = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}\n".encode()
        path = tmp_path / "song.mp3"
        path.write_bytes(disguise + text)
        assert refuse(path).code in {"unsupported", "unreadable"}
        path.write_bytes(text + b"\x00" + disguise)
        assert refuse(path).code == "unsupported"
        assert_untouched(server)


def test_a_playlist_in_an_avi_subtitle_is_not_followed(tmp_path: Path) -> None:
    with listening() as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/a.ts"
        playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{address}\n#EXT-X-ENDLIST\n"
        path = tmp_path / "film.avi"
        path.write_bytes(build_avi_with_subtitle(playlist.encode()))
        with open_audio(path) as audio:
            assert sum(len(block) for block in audio) == 16_000
        assert_untouched(server)


def test_the_avi_with_a_subtitle_is_the_dangerous_kind(tmp_path: Path) -> None:
    # Plain FFmpeg does parse the embedded subtitle file, which proves the test above has teeth.
    path = tmp_path / "film.avi"
    path.write_bytes(build_avi_with_subtitle(b"1\n00:00:00,000 --> 00:00:01,000\nhello\n\n"))
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["audio", "subtitle"]
        assert container.streams[1].codec_context.name in {"srt", "subrip"}


@pytest.mark.parametrize("kind", ["html", "zip"])
def test_other_files_renamed_are_named_for_what_they_are(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "song.mp3"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("song.mp3", build_noise(1.0))
    else:
        path.write_text("<!DOCTYPE html><html><body>Not found</body></html>")
    refusal = refuse(path)
    assert refusal.code == "unsupported"
    assert {"html": "web page", "zip": "ZIP archive"}[kind] in str(refusal)

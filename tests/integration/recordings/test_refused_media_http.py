"""What is no recording gets a code of its own, from the upload to the job's failure."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from hostile_media import build_noise, build_wav
from job_builders import FakeEngines
from media_corpus import Encoding, write_recording, write_video_only
from transcriber.infra.context import Context
from transcriber.jobs.runner import Runner


def build_film(folder: Path) -> bytes:
    return write_video_only(folder / "film.mp4").read_bytes()


def build_encrypted(folder: Path) -> bytes:
    choices = {
        "encryption_scheme": "cenc-aes-ctr",
        "encryption_key": "0123456789abcdef" * 2,
        "encryption_kid": "00" * 16,
    }
    encoding = Encoding("mp4", "aac", container_options=choices)
    return write_recording(folder / "talk.mp4", encoding).read_bytes()


def build_cut(folder: Path) -> bytes:
    content = write_recording(folder / "talk.m4a", Encoding("m4a", "aac")).read_bytes()
    return content[: content.index(b"moov") // 2]


def build_zip(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("song.mp3", build_noise(1))
    return buffer.getvalue()


CASES: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "video without audio": (build_film, "no_audio"),
    "encrypted": (build_encrypted, "encrypted"),
    "no samples": (lambda _: build_wav(b""), "empty"),
    "cut before its index": (build_cut, "truncated"),
    "HLS": (lambda _: b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/a.ts\n", "playlist"),
    "ffconcat": (lambda _: b"ffconcat version 1.0\nfile 'a.wav'\n", "playlist"),
    "DASH": (lambda _: b"<?xml version='1.0'?><MPD></MPD>", "playlist"),
    "web page": (lambda _: b"<!DOCTYPE html><html></html>", "unsupported"),
    "archive": (build_zip, "unsupported"),
}


@pytest.mark.parametrize("case", CASES)
def test_each_kind_fails_its_job_with_a_code_of_its_own(
    client: TestClient, context: Context, tmp_path: Path, case: str
) -> None:
    build, code = CASES[case]
    sent = client.post("/jobs/", files={"file": ("talk.mp3", build(tmp_path))})
    assert sent.status_code == 201, sent.text
    Runner(context, FakeEngines(), worker_id="w1").run_token()
    job = client.get(f"/jobs/{sent.json()['id']}").json()
    assert (job["state"], job["error"]["code"]) == ("failed", code)
    assert job["error"]["message"].startswith("talk.mp3 ")
    keys = [each.key for each in context.storage.find_objects()]
    assert [key.partition("/")[0] for key in keys] == ["recordings"]


def test_a_file_of_zero_bytes_never_becomes_a_job(client: TestClient, context: Context) -> None:
    answer = client.post("/jobs/", files={"file": ("talk.mp3", b"")})
    assert (answer.status_code, answer.json()["code"]) == (422, "empty")
    assert client.get("/jobs/").json()["total"] == 0


def test_a_recording_cut_in_half_is_transcribed_as_far_as_it_goes(
    client: TestClient, context: Context, tmp_path: Path
) -> None:
    path = write_recording(tmp_path / "talk.flac", Encoding("flac", "flac"), seconds=10)
    half = path.read_bytes()[: path.stat().st_size // 2]
    sent = client.post("/jobs/", files={"file": ("talk.flac", half)}, data={"vad_filter": "false"})
    Runner(context, FakeEngines(), worker_id="w1").run_token()
    job = client.get(f"/jobs/{sent.json()['id']}").json()
    assert job["state"] == "completed"
    assert "ends before its header says" in job["warnings"][0]

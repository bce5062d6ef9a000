"""The installed command on real speech with real weights, as a user runs it."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import wave
from itertools import pairwise
from pathlib import Path

import pysubs2
import pytest

from transcriber.formats import KINDS

pytestmark = pytest.mark.weights

COMMAND = Path(sys.executable).parent / "transcriber"
CLIP_SECONDS = 12


@pytest.fixture(scope="module")
def environment(models_dir: Path, model_cache_dir: Path) -> dict[str, str]:
    places = {"MODELS_DIR": str(models_dir), "MODEL_CACHE_DIR": str(model_cache_dir)}
    return os.environ | places | {"TERM": "xterm"}


@pytest.fixture(scope="module")
def clip(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.wav"
    with wave.open(str(models_dir / "demo" / "two_cities.wav")) as source:
        parameters = source.getparams()
        frames = source.readframes(CLIP_SECONDS * parameters.framerate)
    with wave.open(str(path), "wb") as target:
        target.setparams(parameters)
        target.writeframes(frames)
    return path


def run(environment: dict[str, str], folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [COMMAND, *arguments],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def test_the_transcript_is_on_standard_output_and_plain_lines_beside_it(
    environment: dict[str, str], clip: Path, tmp_path: Path
) -> None:
    code, text, lines = run(environment, tmp_path, "transcribe", str(clip), "--beam-size", "1")
    assert code == 0
    assert "it was the best of times" in re.sub(r"[^a-z ]", "", text.lower().replace("\n", " "))
    assert "\x1b" not in lines
    assert "\r" not in lines
    assert lines.splitlines()[0] == "Loading base …"
    assert re.search(r"clip\.wav: 0:12 of audio in \d:\d\d, real-time factor \d", lines)
    assert list(tmp_path.iterdir()) == []


def test_several_recordings_in_every_format_with_a_bad_one_among_them(
    environment: dict[str, str], clip: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "page.mp3"
    bad.write_text("<html><body>This is a page.</body></html>")
    link = tmp_path / "-talk.wav"
    link.symlink_to(clip)
    options = ("--format", "all", "--word-timestamps", "--beam-size", "1", "--output-dir", "out")
    code, text, lines = run(
        environment, tmp_path, "transcribe", *options, "--", "page.mp3", "-talk.wav"
    )
    assert (code, text) == (1, "")
    assert [line for line in lines.splitlines() if line.startswith("page.mp3: ")]
    written = {path.suffix: path for path in (tmp_path / "out").iterdir()}
    assert set(written) == {each.extension for each in KINDS.values()}
    assert {path.stem for path in written.values()} == {"-talk"}
    document = json.loads(written[".json"].read_text())
    assert document["language"] == "en"
    assert all(segment["words"] for segment in document["segments"])
    spoken = re.sub(r"\W", "", document["text"])
    for suffix in (".srt", ".vtt"):
        cues = pysubs2.load(str(written[suffix]))
        assert re.sub(r"\W", "", "".join(cue.plaintext for cue in cues)) == spoken
        assert all(before.end < after.start for before, after in pairwise(cues))
        assert all(len(line) <= 42 for cue in cues for line in cue.plaintext.split("\n"))


def test_a_terminal_shows_a_live_bar(
    environment: dict[str, str], clip: Path, tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, "transcribe", clip, "--beam-size", "1"],
        env=environment | {"COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    # A terminal whose other side is gone reads as an error on Linux.
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:
        pass
    os.close(ours)
    assert process.stdout is not None
    text = process.stdout.read().decode()
    process.stdout.close()
    assert process.wait(timeout=60) == 0
    assert "best of times" in text
    assert "\x1b" not in text
    assert "━".encode() in shown
    assert b"clip.wav" in shown
    # The bar is gone at the end and the cursor is back.
    assert shown.rindex(b"\x1b[?25h") > shown.rindex("━".encode())


def test_an_interrupt_leaves_one_sentence_and_no_process(
    environment: dict[str, str], models_dir: Path, tmp_path: Path
) -> None:
    recording = models_dir / "demo" / "two_cities.wav"
    process = subprocess.Popen(
        [COMMAND, "transcribe", recording, "--output-dir", tmp_path],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "two_cities" in line:
            break
    os.killpg(process.pid, signal.SIGINT)
    rest = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 130
    assert rest.splitlines()[-1] == "Interrupted; 0 of 1 recordings were transcribed."
    assert "Traceback" not in rest
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_reader_that_leaves_is_no_complaint(environment: dict[str, str], tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [COMMAND, "models", "--json"],
        env=environment,
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.returncode == 141
    assert not [line for line in done.stderr.splitlines() if "pipe" in line.lower()]


def test_transcribing_needs_no_part_of_the_server(
    environment: dict[str, str], clip: Path, tmp_path: Path
) -> None:
    program = """
import sys
from importlib.abc import MetaPathFinder

class Absent(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] in {"fastapi", "sqlalchemy", "celery", "kombu",
                                      "pydantic_settings", "structlog", "uvicorn", "alembic"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from transcriber.cli import main
main()
"""
    arguments = ("transcribe", str(clip), "--quiet", "--beam-size", "1", "--language", "en")
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "best of times" in done.stdout


def test_doctor_finds_the_staged_model(environment: dict[str, str], tmp_path: Path) -> None:
    _, text, _ = run(environment, tmp_path, "doctor", "--json")
    states = {each["name"]: each["state"] for each in json.loads(text)}
    assert states["model base"] in {"ok", "warn"}
    assert states["decoding"] == "ok"

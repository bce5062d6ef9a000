import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
COMMAND = """
from fake_engine import FakeEngine
from transcriber.cli import build_cli
build_cli(FakeEngine().load)()
"""


def run(folder: Path, redirection: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "talk.mp3").write_text("Good morning.")
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", sys.executable, "-c", COMMAND, *arguments],
        env=os.environ | {"PYTHONPATH": str(TESTS)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_full_disk_behind_standard_output_is_one_sentence(tmp_path: Path) -> None:
    done = run(tmp_path, "> /dev/full", "transcribe", "talk.mp3", "-q")
    assert (done.returncode, done.stderr) == (
        1,
        "talk.mp3: its transcript cannot be written: No space left on device.\n",
    )


def test_a_closed_standard_output_is_refused_before_the_work(tmp_path: Path) -> None:
    done = run(tmp_path, ">&-", "transcribe", "talk.mp3")
    assert (done.returncode, done.stderr) == (1, "talk.mp3: standard output is closed.\n")


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_streams_do_not_keep_files_from_being_written(
    tmp_path: Path, redirection: str
) -> None:
    done = run(tmp_path, redirection, "transcribe", "talk.mp3", "-o", "out")
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "out" / "talk.txt").read_text() == "Good morning.\nThe end.\n"


def test_a_closed_standard_error_does_not_hide_the_transcript(tmp_path: Path) -> None:
    done = run(tmp_path, "2>&-", "transcribe", "talk.mp3")
    assert (done.returncode, done.stdout) == (0, "Good morning.\nThe end.\n")

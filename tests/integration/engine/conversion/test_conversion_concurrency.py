"""Many processes convert a checkpoint once; a killed one leaves nothing that is used."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from checkpoint_builder import build_checkpoint
from transcriber.engine.converted import is_converted
from transcriber.engine.models import prepare_model

# Prints what it prepared, and whether it converted (or waited for another that did).
PREPARE = """
import sys
from pathlib import Path
from transcriber.engine.conversion import cache
from transcriber.engine.models import prepare_model

original, conversions = cache.write_model_directory, []
def count(*arguments):
    conversions.append(arguments)
    return original(*arguments)
cache.write_model_directory = count
prepared = prepare_model("own", Path(sys.argv[1]), Path(sys.argv[2]))
print(prepared.path, len(conversions))
"""

# Dies, as by SIGKILL or a power cut, at the last moment before the conversion gets its name.
DIE = """
import os, signal, sys
from pathlib import Path
from transcriber.engine.models import prepare_model

Path.rename = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
prepare_model("own", Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture
def models(tmp_path: Path) -> Path:
    directory = tmp_path / "models"
    directory.mkdir()
    (directory / "own.pt").write_bytes(build_checkpoint())
    return directory


def _start(code: str, models: Path, cache: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, str(models), str(cache)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_six_processes_convert_once(models: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    processes = [_start(PREPARE, models, cache) for _ in range(6)]
    outputs = [process.communicate(timeout=120) for process in processes]

    assert [process.returncode for process in processes] == [0] * 6, outputs
    lines = [output.split() for output, _ in outputs]
    assert {path for path, _ in lines} == {str(prepare_model("own", models, cache).path)}
    assert sum(int(count) for _, count in lines) == 1
    assert not list(cache.glob("*.partial")) + list(cache.glob(".*.partial"))


def test_a_killed_conversion_is_not_used_and_made_again(models: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    process = _start(DIE, models, cache)
    process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    (leftover,) = cache.glob(".*.partial")
    sha256 = leftover.name.split(".")[1]
    assert not is_converted(sha256, cache)

    prepared = prepare_model("own", models, cache)

    assert prepared.path.name == sha256
    assert is_converted(sha256, cache)
    assert not leftover.exists()

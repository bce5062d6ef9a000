"""The `engine` extra alone transcribes: no web framework, database, queue or PyTorch."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]
FOREIGN = ("torch", "fastapi", "starlette", "sqlalchemy", "celery", "pydantic", "typer")
PROGRAM = """
import importlib.util, json, sys
from transcriber.engine import Transcriber, TranscribeOptions
engine = Transcriber.load("base", models_dir=sys.argv[1], cache_dir=sys.argv[2])
stream = engine.transcribe(sys.argv[3], TranscribeOptions(language="en"))
text = " ".join(segment.text for segment in stream)
found = [name for name in sys.argv[4].split(",") if importlib.util.find_spec(name)]
print(json.dumps({"text": text, "foreign": found}))
"""


@pytest.fixture(scope="module")
def engine_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter that has the locked `engine` extra and nothing else."""
    venv = tmp_path_factory.mktemp("engine-only") / "venv"
    uv = Path(sys.executable).parent / "uv"
    environment = {
        **os.environ,
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(REPOSITORY / ".cache" / "uv")),
    }
    install = ["pip", "install", "--quiet", "--python", str(venv)]
    for command in (
        ["venv", "--quiet", "--python", sys.executable, str(venv)],
        [*install, "--require-hashes", "-r", "requirements/engine.txt"],
        [*install, "--no-deps", "."],
    ):
        subprocess.run([str(uv), *command], cwd=REPOSITORY, env=environment, check=True)
    return venv / "bin" / "python"


@pytest.mark.weights
def test_the_engine_extra_transcribes_on_its_own(
    engine_python: Path, models_dir: Path, model_cache_dir: Path
) -> None:
    recording = models_dir / "demo" / "two_cities.wav"
    arguments = [str(models_dir), str(model_cache_dir), str(recording), ",".join(FOREIGN)]
    done = subprocess.run(
        [str(engine_python), "-I", "-c", PROGRAM, *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    result = json.loads(done.stdout)
    assert "it was the best of times" in result["text"].lower()
    assert result["foreign"] == []

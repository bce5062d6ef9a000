"""`python -m transcriber.engine.examination`: a staged model is examined in a process of its own.

Whoever only wants the report then neither loads the libraries that read weights nor maps gigabytes
of a file that somebody else has written.
"""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from transcriber.engine.model_reports import ModelReport
from transcriber.engine.staged_models import StagedModel

TIMEOUT_SECONDS = 900.0
"""Whisper large is hashed in seconds; a disk that takes longer than this hangs."""


def examine_apart(staged: StagedModel, cache_dir: Path) -> ModelReport:
    """Validate the model as `validate_model` does; a process that fails is a problem of the model.

    Args:
        staged: The model.
        cache_dir: Where checksums and conversions are kept.
    """
    request = {
        "name": staged.name,
        "path": str(staged.path),
        "kind": staged.kind,
        "size_bytes": staged.size_bytes,
        "cache_dir": str(cache_dir),
    }
    command = [sys.executable, "-m", "transcriber.engine.examination", json.dumps(request)]
    try:
        done = subprocess.run(  # noqa: S603 -- our own module; the model's name is checked text
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return ModelReport(
            staged.name,
            staged.path,
            staged.size_bytes,
            problem=f"{staged.path}: it could not be examined ({type(error).__name__}).",
            code="model_unreadable",
        )
    found: dict[str, Any] = json.loads(done.stdout)
    del found["path"]
    return ModelReport(path=staged.path, **found)


def _main(text: str) -> None:
    from transcriber.engine.models import validate_model  # noqa: PLC0415 -- what the parent avoids

    request: dict[str, Any] = json.loads(text)
    staged = StagedModel(
        request["name"], Path(request["path"]), request["kind"], request["size_bytes"]
    )
    report = asdict(validate_model(staged, Path(request["cache_dir"])))
    sys.stdout.write(json.dumps({**report, "path": str(staged.path)}))


if __name__ == "__main__":
    _main(sys.argv[1])

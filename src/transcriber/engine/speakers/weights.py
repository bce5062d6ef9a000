"""The two networks that tell speakers apart: they travel in the package, nothing is downloaded."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from transcriber.engine.errors import EngineError, SpeakersError
from transcriber.engine.memory import name_memory_errors

DIRECTORY = Path(__file__).parent / "weights"
SEGMENTATION = "segmentation.onnx"
VOICEPRINT = "voiceprint.onnx"


class Network(Protocol):
    """A network that is ready to run."""

    def run(
        self, output_names: None, input_feed: Mapping[str, NDArray[np.float32]], /
    ) -> list[NDArray[np.float32]]:
        """Return all outputs for the named inputs."""
        ...


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
    path = directory / name
    if not path.is_file():
        raise SpeakersError(
            f"This installation lacks {name}, without which speakers cannot be told apart."
        )
    options = onnxruntime.SessionOptions()
    # As many workers as cores run side by side, and the recurrent layers gain nothing from more.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # The arena would keep what the longest batch needed for as long as the process lives.
    options.enable_cpu_mem_arena = False
    try:
        with name_memory_errors():
            return onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
    except EngineError:
        raise
    except Exception as error:  # ONNX Runtime's errors have no ancestor of their own.
        raise SpeakersError(f"{name} of this installation cannot be loaded: {error}") from error

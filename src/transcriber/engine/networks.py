"""The small networks that travel in the package, beside the checkpoints that an operator stages."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from transcriber.engine.errors import EngineError
from transcriber.engine.memory import name_memory_errors


class Network(Protocol):
    """A network that is ready to run."""

    def run(
        self, output_names: None, input_feed: Mapping[str, NDArray[np.float32]], /
    ) -> list[NDArray[np.float32]]:
        """Return all outputs for the named inputs."""
        ...


class NetworkError(EngineError):
    """This installation lacks a network, or it cannot be loaded."""

    default_code = "installation_incomplete"


def load_network_file(path: Path) -> Network:
    """Load a network to run on one thread.

    Raises:
        NetworkError: the file is missing or no network.
        OutOfMemoryError: the machine has too little memory at present.
    """
    if not path.is_file():
        raise NetworkError(f"This installation lacks {path.name}.")
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
        raise NetworkError(f"{path.name} of this installation cannot be loaded: {error}") from error

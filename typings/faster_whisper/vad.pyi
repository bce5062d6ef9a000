from typing import Any

import numpy as np
from numpy.typing import NDArray

class _Session:
    def run(
        self, outputs: None, inputs: dict[str, NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]: ...

class SileroVADModel:
    session: _Session
    def __call__(self, audio: NDArray[np.float32]) -> NDArray[np.float32]: ...

def get_vad_model() -> SileroVADModel: ...
def get_speech_timestamps(
    audio: NDArray[np.float32], vad_options: Any = None
) -> list[dict[str, int]]: ...

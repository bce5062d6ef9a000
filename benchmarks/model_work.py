"""How much arithmetic Whisper needs for a recording, and how much the machine could do.

A multiplication and an addition are two operations.  With the width `d`, per layer and position:

- encoder: `4 d²` weights of self-attention and `8 d²` of the two linear layers (arXiv:2212.04356
  section 2.2, arXiv:1706.03762 section 3), and `2 · 2 n d` for scores and sums over `n` positions;
- the two convolutions before it: `3 · mels · d` for each frame and `3 d²` for each second one;
- decoder: `4 d²`, `2 d²` of cross-attention's queries and outputs, and `8 d²`, for each token;
  `2 d²` for keys and values of each encoder position, once; scores and sums over `n` positions;
  `d · vocabulary` for each token's choice.
"""

import time

import numpy as np

from transcriber.engine.checkpoint.dimensions import Dimensions

POSITIONS_PER_SECOND = 50
"""The second convolution halves the 100 mel frames of a second."""

_SIDE = 2_048
_REPEATS = 5


def count_operations(dims: Dimensions, seconds: float, chunk_seconds: float, tokens: int) -> float:
    """Count what one hypothesis needs, without padding, prompts and what is decoded again.

    Args:
        dims: The checkpoint's dimensions.
        seconds: Of the recording.
        chunk_seconds: Over which one attention reaches.
        tokens: Written.
    """
    width, reach = dims.n_audio_state, chunk_seconds * POSITIONS_PER_SECOND
    positions = seconds * POSITIONS_PER_SECOND
    convolutions = 2 * 3 * dims.n_mels * width * 2 + 2 * 3 * width**2
    encoder = dims.n_audio_layer * (2 * 12 * width**2 + 4 * reach * width)
    cross = dims.n_text_layer * 2 * 2 * width**2
    token = dims.n_text_layer * (2 * 14 * width**2 + 4 * reach * width)
    choice = 2 * width * dims.n_vocab
    return positions * (convolutions + encoder + cross) + tokens * (token + choice)


def measure_peak() -> float:
    """Operations a second of float32 matrix products by NumPy on every core, the best of five."""
    left, right = np.random.default_rng(1).standard_normal((2, _SIDE, _SIDE)).astype(np.float32)
    product = np.empty_like(left)
    best = float("inf")
    for _ in range(_REPEATS):
        started = time.perf_counter()
        np.matmul(left, right, out=product)
        best = min(best, time.perf_counter() - started)
    return 2 * _SIDE**3 / best

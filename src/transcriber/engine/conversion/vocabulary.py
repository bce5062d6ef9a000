"""Whisper's vocabulary: byte-pair tokens by rank, then the special tokens."""

import base64
from functools import lru_cache
from importlib import resources

from transcriber.engine.checkpoint import Dimensions
from transcriber.engine.languages import LANGUAGE_CODES

# Timestamps run from 0.00 to 30.00 s in steps of 0.02 s.
TIMESTAMP_COUNT = 1501
TIMESTAMP_STEP_SECONDS = 0.02

END_OF_TEXT = "<|endoftext|>"
START_OF_TRANSCRIPT = "<|startoftranscript|>"
NO_TIMESTAMPS = "<|notimestamps|>"


@lru_cache(maxsize=2)
def load_ranks(*, is_multilingual: bool) -> tuple[bytes, ...]:
    """Read the byte-pair tokens that `openai-whisper` ships.

    Args:
        is_multilingual: Whether to read the multilingual tokens or GPT-2's.

    Returns:
        Tokens as bytes; the index is the rank and the token's id.
    """
    name = "multilingual.tiktoken" if is_multilingual else "gpt2.tiktoken"
    asset = resources.files("transcriber.engine.conversion") / "assets" / name
    lines = [line.split() for line in asset.read_bytes().splitlines()]
    return tuple(base64.b64decode(token) for token, _ in sorted(lines, key=lambda x: int(x[1])))


def list_special_tokens(dims: Dimensions) -> list[str]:
    """List the tokens between the text and the timestamps, in the order of their ids.

    The order is that of `get_encoding` in OpenAI's `whisper/tokenizer.py`; `<|nospeech|>` keeps the
    name under which CTranslate2 models know it, `<|nocaptions|>`.

    Args:
        dims: The model's dimensions.

    Returns:
        The tokens' texts; the first id is the number of byte-pair tokens.
    """
    return [
        END_OF_TEXT,
        START_OF_TRANSCRIPT,
        *(f"<|{code}|>" for code in LANGUAGE_CODES[: dims.language_count]),
        "<|translate|>",
        "<|transcribe|>",
        "<|startoflm|>",
        "<|startofprev|>",
        "<|nocaptions|>",
        NO_TIMESTAMPS,
    ]


def list_vocabulary(dims: Dimensions) -> list[str]:
    """List every token as CTranslate2 and `tokenizers` write it.

    Args:
        dims: The model's dimensions.

    Returns:
        `dims.n_vocab` texts; the index is the id.
    """
    ranks = load_ranks(is_multilingual=dims.is_multilingual)
    timestamps = (f"<|{i * TIMESTAMP_STEP_SECONDS:.2f}|>" for i in range(TIMESTAMP_COUNT))
    return [*map(show_bytes, ranks), *list_special_tokens(dims), *timestamps]


def show_bytes(token: bytes) -> str:
    """Write bytes as the printable characters that GPT-2's byte-level alphabet assigns to them."""
    alphabet = _build_alphabet()
    return "".join(alphabet[byte] for byte in token)


@lru_cache(maxsize=1)
def _build_alphabet() -> dict[int, str]:
    # bytes_to_unicode of OpenAI's GPT-2 encoder.py: printable Latin-1 stands for itself, the other
    # 68 bytes for the characters from U+0100 on.
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = (byte for byte in range(256) if byte not in printable)
    shifted = {byte: chr(0x100 + index) for index, byte in enumerate(others)}
    return shifted | {byte: chr(byte) for byte in printable}

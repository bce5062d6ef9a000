# The peers have no types, and most of them live in another environment.
# pyright: basic, reportMissingImports=false, reportAttributeAccessIssue=false
"""Write a Whisper checkpoint as whisper.cpp reads it; run under the peers' interpreter.

Reads one JSON object from standard input, `{"checkpoint", "format", "path"}`, where the format is a
key of `FILE_TYPES`, and prints a JSON line with the bytes written.  Layout, names and the choice of
what is kept in 32 bits are those of whisper.cpp's `models/convert-pt-to-ggml.py`; what is quantised
is what its `quantize` does.  The vocabulary and the mel filters are openai-whisper's.
"""

import json
import struct
import sys
from importlib import resources
from pathlib import Path
from typing import BinaryIO

import numpy as np
import torch
from gguf import GGMLQuantizationType as BlockType
from gguf.quants import quantize
from whisper.tokenizer import get_encoding

MAGIC = 0x67676D6C
QUANTISATION_VERSION = 2
"""GGML_QNT_VERSION of ggml.h; a quantised file's type holds it a thousandfold."""

FILE_TYPES = {
    "f16": (1, BlockType.F16),
    "q4_0": (2, BlockType.Q4_0),
    "q8_0": (7, BlockType.Q8_0),
    "q5_0": (8, BlockType.Q5_0),
    "q5_1": (9, BlockType.Q5_1),
}
"""The number of each format in ggml.h's `ggml_ftype`, and the type of its large tensors."""

KEPT_IN_FULL = {
    "encoder.conv1.bias",
    "encoder.conv2.bias",
    "encoder.positional_embedding",
    "decoder.positional_embedding",
}
DIMENSIONS = (
    "n_vocab",
    "n_audio_ctx",
    "n_audio_state",
    "n_audio_head",
    "n_audio_layer",
    "n_text_ctx",
    "n_text_state",
    "n_text_head",
    "n_text_layer",
    "n_mels",
)
MATRIX = 2


def main() -> None:
    """Write one file."""
    request = json.load(sys.stdin)
    checkpoint = torch.load(request["checkpoint"], map_location="cpu", weights_only=True)
    number, block_type = FILE_TYPES[request["format"]]
    version = 0 if block_type == BlockType.F16 else QUANTISATION_VERSION
    dims = checkpoint["dims"]
    path = Path(request["path"])
    with path.open("wb") as stream:
        stream.write(struct.pack("<I", MAGIC))
        stream.write(_pack(*(dims[name] for name in DIMENSIONS), version * 1000 + number))
        _write_filters(stream, dims["n_mels"])
        _write_vocabulary(stream, dims["n_vocab"])
        for name, tensor in checkpoint["model_state_dict"].items():
            _write_tensor(stream, name, tensor.squeeze().numpy(), block_type)
    print(json.dumps({"bytes": path.stat().st_size}))


def _pack(*numbers: int) -> bytes:
    return struct.pack(f"<{len(numbers)}i", *numbers)


def _write_filters(stream: BinaryIO, bands: int) -> None:
    asset = resources.files("whisper") / "assets" / "mel_filters.npz"
    with asset.open("rb") as file, np.load(file) as archive:
        filters = archive[f"mel_{bands}"].astype("<f4")
    stream.write(_pack(*filters.shape))
    stream.write(filters.tobytes())


def _write_vocabulary(stream: BinaryIO, size: int) -> None:
    # whisper.cpp names the special tokens itself, by their distance from the end of these.
    is_multilingual = size >= 51865  # noqa: PLR2004 # GPT-2's vocabulary has one token less.
    encoding = get_encoding("multilingual" if is_multilingual else "gpt2")
    tokens = [encoding.decode_single_token_bytes(index) for index in range(encoding.eot_token)]
    stream.write(_pack(len(tokens)))
    stream.writelines(_pack(len(token)) + token for token in tokens)


def _write_tensor(stream: BinaryIO, name: str, values: np.ndarray, block_type: BlockType) -> None:
    if name in KEPT_IN_FULL or values.ndim < MATRIX:
        kind = BlockType.F32
    elif values.ndim == MATRIX:
        kind = block_type
    else:
        kind = BlockType.F16
    if name.endswith(("conv1.bias", "conv2.bias")):
        values = values[:, None]
    blocks = quantize(np.ascontiguousarray(values, np.float32), kind)
    encoded = name.encode()
    stream.write(_pack(values.ndim, len(encoded), kind, *reversed(values.shape)))
    stream.write(encoded)
    stream.write(blocks.tobytes())


main()

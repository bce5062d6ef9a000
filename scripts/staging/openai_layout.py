"""Rename and split CTranslate2's Whisper variables into OpenAI's state dictionary.

CTranslate2 fuses what OpenAI's `whisper/model.py` keeps apart: query, key and value of
self-attention are one linear layer, key and value of cross-attention another.  OpenAI's key
projection has no bias, so the fused bias holds zeros there, which must not be written.
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from staging.errors import StagingError

Array = npt.NDArray[Any]


def build_dims(variables: dict[str, Array]) -> dict[str, int]:
    """Derive OpenAI's `dims` from the shapes.

    Args:
        variables: Arrays by CTranslate2 name.

    Returns:
        The ten dimensions in the order of OpenAI's `ModelDimensions`.
    """
    n_state, n_mels, _ = variables["encoder/conv1/weight"].shape
    n_audio_ctx, _ = variables["encoder/position_encodings/encodings"].shape
    n_vocab, n_text_state = variables["decoder/embeddings/weight"].shape
    n_text_ctx, _ = variables["decoder/position_encodings/encodings"].shape
    return {
        "n_mels": n_mels,
        "n_audio_ctx": n_audio_ctx,
        "n_audio_state": n_state,
        "n_audio_head": int(variables["encoder/num_heads"]),
        "n_audio_layer": _count_layers(variables, "encoder"),
        "n_vocab": n_vocab,
        "n_text_ctx": n_text_ctx,
        "n_text_state": n_text_state,
        "n_text_head": int(variables["decoder/num_heads"]),
        "n_text_layer": _count_layers(variables, "decoder"),
    }


def build_state_dict(variables: dict[str, Array]) -> dict[str, Array]:
    """Give every tensor its OpenAI name, in the order PyTorch would save them.

    Args:
        variables: Arrays by CTranslate2 name.

    Returns:
        Arrays by OpenAI name, the encoder's sinusoid buffer included.
    """
    return dict(_encoder_tensors(variables)) | dict(_decoder_tensors(variables))


def _count_layers(variables: dict[str, Array], side: str) -> int:
    # Each layer has exactly one feed-forward block.
    pattern = re.compile(rf"{side}/layer_\d+/ffn/linear_0/weight")
    return sum(pattern.fullmatch(name) is not None for name in variables)


def _encoder_tensors(variables: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    yield "encoder.positional_embedding", variables["encoder/position_encodings/encodings"]
    for conv in ("conv1", "conv2"):
        for part in ("weight", "bias"):
            yield f"encoder.{conv}.{part}", variables[f"encoder/{conv}/{part}"]
    for index in range(_count_layers(variables, "encoder")):
        source, target = f"encoder/layer_{index}", f"encoder.blocks.{index}"
        yield from _self_attention(variables, f"{source}/self_attention", target)
        yield from _feed_forward(variables, f"{source}/ffn", target)
    yield from _layer_norm(variables, "encoder/layer_norm", "encoder.ln_post")


def _decoder_tensors(variables: dict[str, Array]) -> Iterator[tuple[str, Array]]:
    yield "decoder.positional_embedding", variables["decoder/position_encodings/encodings"]
    yield "decoder.token_embedding.weight", variables["decoder/embeddings/weight"]
    for index in range(_count_layers(variables, "decoder")):
        source, target = f"decoder/layer_{index}", f"decoder.blocks.{index}"
        yield from _self_attention(variables, f"{source}/self_attention", target)
        yield from _cross_attention(variables, f"{source}/attention", target)
        yield from _feed_forward(variables, f"{source}/ffn", target)
    yield from _layer_norm(variables, "decoder/layer_norm", "decoder.ln")


def _self_attention(
    variables: dict[str, Array], source: str, target: str
) -> Iterator[tuple[str, Array]]:
    weights = np.split(variables[f"{source}/linear_0/weight"], 3)
    biases = np.split(variables[f"{source}/linear_0/bias"], 3)
    yield from _projections(f"{target}.attn", weights, biases)
    yield from _linear(variables, f"{source}/linear_1", f"{target}.attn.out")
    yield from _layer_norm(variables, f"{source}/layer_norm", f"{target}.attn_ln")


def _cross_attention(
    variables: dict[str, Array], source: str, target: str
) -> Iterator[tuple[str, Array]]:
    query = variables[f"{source}/linear_0/weight"], variables[f"{source}/linear_0/bias"]
    weights = [query[0], *np.split(variables[f"{source}/linear_1/weight"], 2)]
    biases = [query[1], *np.split(variables[f"{source}/linear_1/bias"], 2)]
    yield from _projections(f"{target}.cross_attn", weights, biases)
    yield from _linear(variables, f"{source}/linear_2", f"{target}.cross_attn.out")
    yield from _layer_norm(variables, f"{source}/layer_norm", f"{target}.cross_attn_ln")


def _projections(
    target: str, weights: list[Array], biases: list[Array]
) -> Iterator[tuple[str, Array]]:
    if biases[1].any():
        raise StagingError(f"{target}.key has a bias, which OpenAI's layout cannot hold.")
    yield f"{target}.query.weight", weights[0]
    yield f"{target}.query.bias", biases[0]
    yield f"{target}.key.weight", weights[1]
    yield f"{target}.value.weight", weights[2]
    yield f"{target}.value.bias", biases[2]


def _feed_forward(
    variables: dict[str, Array], source: str, target: str
) -> Iterator[tuple[str, Array]]:
    yield from _linear(variables, f"{source}/linear_0", f"{target}.mlp.0")
    yield from _linear(variables, f"{source}/linear_1", f"{target}.mlp.2")
    yield from _layer_norm(variables, f"{source}/layer_norm", f"{target}.mlp_ln")


def _linear(variables: dict[str, Array], source: str, target: str) -> Iterator[tuple[str, Array]]:
    yield f"{target}.weight", variables[f"{source}/weight"]
    yield f"{target}.bias", variables[f"{source}/bias"]


def _layer_norm(
    variables: dict[str, Array], source: str, target: str
) -> Iterator[tuple[str, Array]]:
    yield f"{target}.weight", variables[f"{source}/gamma"]
    yield f"{target}.bias", variables[f"{source}/beta"]

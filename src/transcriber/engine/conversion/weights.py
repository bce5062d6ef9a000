"""Fill CTranslate2's Whisper specification with a checkpoint's weights.

CTranslate2 wants the projections of one attention fused: query, key and value for self-attention,
key and value for cross-attention.  OpenAI's key projection has no bias; zeros stand in for it.
"""

from typing import Any

import numpy as np
from ctranslate2.specs import WhisperSpec

from transcriber.engine.checkpoint import Checkpoint
from transcriber.engine.errors import ModelError

Half = np.ndarray[Any, np.dtype[np.float16]]


def build_spec(checkpoint: Checkpoint) -> WhisperSpec:
    """Build the specification, with every weight in float16.

    Args:
        checkpoint: The weights in OpenAI's layout.

    Returns:
        A specification that lacks only vocabulary and configuration.

    Raises:
        ModelError: A weight is not finite, or too large for float16.
    """
    dims, source = checkpoint.dims, _Source(checkpoint)
    spec = WhisperSpec(dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head)
    _set_encoder(spec.encoder, source)
    _set_decoder(spec.decoder, source)
    return spec


class _Source:
    """Hands out a checkpoint's tensors as float16, refusing what float16 cannot hold."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._tensors = checkpoint.tensors

    def __getitem__(self, name: str) -> Half:
        tensor = self._tensors[name]
        # An overflow becomes an infinity, which the check below reports.
        with np.errstate(over="ignore"):
            half = tensor.astype(np.float16, copy=False)
        if not np.isfinite(half).all():
            raise ModelError(f"tensor {name} holds values that are not finite float16 numbers")
        return half

    def stack(self, prefix: str, projections: tuple[str, ...]) -> tuple[Half, Half]:
        weights = [self[f"{prefix}.{name}.weight"] for name in projections]
        biases = [
            np.zeros(len(weight), np.float16) if name == "key" else self[f"{prefix}.{name}.bias"]
            for name, weight in zip(projections, weights, strict=True)
        ]
        return np.concatenate(weights), np.concatenate(biases)


def _set_encoder(spec: Any, source: _Source) -> None:
    spec.position_encodings.encodings = source["encoder.positional_embedding"]
    _set_linear(spec.conv1, source, "encoder.conv1")
    _set_linear(spec.conv2, source, "encoder.conv2")
    for index, layer in enumerate(spec.layer):
        _set_block(layer, source, f"encoder.blocks.{index}")
    _set_layer_norm(spec.layer_norm, source, "encoder.ln_post")


def _set_decoder(spec: Any, source: _Source) -> None:
    spec.position_encodings.encodings = source["decoder.positional_embedding"]
    # Input and output embedding are one matrix in Whisper; CTranslate2 stores it once.
    spec.embeddings.weight = spec.projection.weight = source["decoder.token_embedding.weight"]
    for index, layer in enumerate(spec.layer):
        prefix = f"decoder.blocks.{index}"
        _set_block(layer, source, prefix)
        attention = layer.attention
        _set_fused(attention.linear[0], source, f"{prefix}.cross_attn", ("query",))
        _set_fused(attention.linear[1], source, f"{prefix}.cross_attn", ("key", "value"))
        _set_linear(attention.linear[2], source, f"{prefix}.cross_attn.out")
        _set_layer_norm(attention.layer_norm, source, f"{prefix}.cross_attn_ln")
    _set_layer_norm(spec.layer_norm, source, "decoder.ln")


def _set_block(layer: Any, source: _Source, prefix: str) -> None:
    attention, feed_forward = layer.self_attention, layer.ffn
    _set_fused(attention.linear[0], source, f"{prefix}.attn", ("query", "key", "value"))
    _set_linear(attention.linear[1], source, f"{prefix}.attn.out")
    _set_layer_norm(attention.layer_norm, source, f"{prefix}.attn_ln")
    _set_linear(feed_forward.linear_0, source, f"{prefix}.mlp.0")
    _set_linear(feed_forward.linear_1, source, f"{prefix}.mlp.2")
    _set_layer_norm(feed_forward.layer_norm, source, f"{prefix}.mlp_ln")


def _set_fused(spec: Any, source: _Source, prefix: str, projections: tuple[str, ...]) -> None:
    spec.weight, spec.bias = source.stack(prefix, projections)


def _set_linear(spec: Any, source: _Source, name: str) -> None:
    spec.weight, spec.bias = source[f"{name}.weight"], source[f"{name}.bias"]


def _set_layer_norm(spec: Any, source: _Source, name: str) -> None:
    spec.gamma, spec.beta = source[f"{name}.weight"], source[f"{name}.bias"]

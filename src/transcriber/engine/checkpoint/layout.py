"""The tensors a Whisper checkpoint must hold: OpenAI's names and shapes for given dimensions."""

from collections.abc import Iterator

from transcriber.engine.checkpoint.dimensions import Dimensions

Shape = tuple[int, ...]


def list_tensors(dims: Dimensions) -> dict[str, Shape]:
    """Derive every parameter and persistent buffer of `whisper/model.py`.

    Args:
        dims: The model's dimensions.

    Returns:
        Shapes by name.
    """
    return dict(_encoder(dims)) | dict(_decoder(dims))


def _encoder(dims: Dimensions) -> Iterator[tuple[str, Shape]]:
    state = dims.n_audio_state
    yield "encoder.positional_embedding", (dims.n_audio_ctx, state)
    yield "encoder.conv1.weight", (state, dims.n_mels, 3)
    yield "encoder.conv1.bias", (state,)
    yield "encoder.conv2.weight", (state, state, 3)
    yield "encoder.conv2.bias", (state,)
    for index in range(dims.n_audio_layer):
        yield from _block(f"encoder.blocks.{index}", state, attentions=("attn",))
    yield from _layer_norm("encoder.ln_post", state)


def _decoder(dims: Dimensions) -> Iterator[tuple[str, Shape]]:
    state = dims.n_text_state
    yield "decoder.positional_embedding", (dims.n_text_ctx, state)
    yield "decoder.token_embedding.weight", (dims.n_vocab, state)
    for index in range(dims.n_text_layer):
        yield from _block(f"decoder.blocks.{index}", state, attentions=("attn", "cross_attn"))
    yield from _layer_norm("decoder.ln", state)


def _block(prefix: str, state: int, *, attentions: tuple[str, ...]) -> Iterator[tuple[str, Shape]]:
    for attention in attentions:
        for projection in ("query", "key", "value", "out"):
            yield f"{prefix}.{attention}.{projection}.weight", (state, state)
            if projection != "key":
                yield f"{prefix}.{attention}.{projection}.bias", (state,)
        yield from _layer_norm(f"{prefix}.{attention}_ln", state)
    yield f"{prefix}.mlp.0.weight", (4 * state, state)
    yield f"{prefix}.mlp.0.bias", (4 * state,)
    yield f"{prefix}.mlp.2.weight", (state, 4 * state)
    yield f"{prefix}.mlp.2.bias", (state,)
    yield from _layer_norm(f"{prefix}.mlp_ln", state)


def _layer_norm(prefix: str, state: int) -> Iterator[tuple[str, Shape]]:
    yield f"{prefix}.weight", (state,)
    yield f"{prefix}.bias", (state,)

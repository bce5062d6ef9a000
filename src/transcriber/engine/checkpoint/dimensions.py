"""OpenAI's `dims`: the ten numbers that fix a Whisper model's shape."""

from dataclasses import dataclass, fields
from typing import Any, cast

from transcriber.engine.errors import ModelError
from transcriber.engine.quoting import quote

ENGLISH_VOCABULARY = 51_864
MULTILINGUAL_VOCABULARY = 51_865
# large-v3 added Cantonese, and so one token.
LARGE_V3_VOCABULARY = 51_866

# Whisper large has 1,280 states and 32 layers; beyond these bounds it is no Whisper model.
MAX_STATE = 8_192
MAX_LAYERS = 128


@dataclass(frozen=True, slots=True)
class Dimensions:
    """The fields and names of `ModelDimensions` in OpenAI's `whisper/model.py`."""

    n_mels: int
    n_audio_ctx: int
    n_audio_state: int
    n_audio_head: int
    n_audio_layer: int
    n_vocab: int
    n_text_ctx: int
    n_text_state: int
    n_text_head: int
    n_text_layer: int

    @property
    def is_multilingual(self) -> bool:
        """Whether the vocabulary is the multilingual one."""
        return self.n_vocab >= MULTILINGUAL_VOCABULARY

    @property
    def language_count(self) -> int:
        """How many language tokens the vocabulary has (English-only models have all 99 too)."""
        return 100 if self.n_vocab == LARGE_V3_VOCABULARY else 99


# What each field may be; the context lengths are fixed by 30 s windows of 10 ms frames.
_ALLOWED: dict[str, range | tuple[int, ...]] = {
    "n_mels": (80, 128),
    "n_audio_ctx": (1500,),
    "n_audio_state": range(1, MAX_STATE + 1),
    "n_audio_head": range(1, MAX_STATE + 1),
    "n_audio_layer": range(1, MAX_LAYERS + 1),
    "n_vocab": (ENGLISH_VOCABULARY, MULTILINGUAL_VOCABULARY, LARGE_V3_VOCABULARY),
    "n_text_ctx": (448,),
    "n_text_state": range(1, MAX_STATE + 1),
    "n_text_head": range(1, MAX_STATE + 1),
    "n_text_layer": range(1, MAX_LAYERS + 1),
}


def check_dimensions(value: Any) -> Dimensions:
    """Validate a checkpoint's `dims`.

    Args:
        value: What the pickle holds under `dims`.

    Returns:
        The dimensions, consistent with one another.

    Raises:
        ModelError: Naming the field, what was expected and what was found.
    """
    if not isinstance(value, dict):
        raise ModelError(f"dims is {quote(value)}, expected a dictionary")
    found = cast("dict[str, Any]", value)
    names = [field.name for field in fields(Dimensions)]
    for name in (*names, *found):
        if name not in names or name not in found:
            state = "missing from" if name in names else "unexpected in"
            raise ModelError(f"{quote(name)} is {state} dims")
        allowed = _ALLOWED[name]
        if type(found[name]) is not int or found[name] not in allowed:
            raise ModelError(f"dims.{name} is {quote(found[name])}, expected {_describe(allowed)}")
    dims = Dimensions(**found)
    _check_consistency(dims)
    return dims


def _describe(allowed: range | tuple[int, ...]) -> str:
    if isinstance(allowed, range):
        return f"{allowed[0]} to {allowed[-1]}"
    return " or ".join(str(value) for value in allowed)


def _check_consistency(dims: Dimensions) -> None:
    if dims.n_audio_state != dims.n_text_state:
        raise ModelError(
            f"dims.n_text_state is {dims.n_text_state}, expected dims.n_audio_state, "
            f"{dims.n_audio_state}"
        )
    for name, heads in (("n_audio_head", dims.n_audio_head), ("n_text_head", dims.n_text_head)):
        if dims.n_audio_state % heads:
            raise ModelError(f"dims.{name} is {heads}, expected a divisor of {dims.n_audio_state}")

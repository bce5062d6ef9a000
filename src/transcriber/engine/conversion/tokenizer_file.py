"""Build `tokenizer.json`, the form in which faster-whisper reads a tokenizer."""

from functools import lru_cache
from itertools import pairwise
from typing import Any

from transcriber.engine.checkpoint import Dimensions
from transcriber.engine.conversion.vocabulary import (
    END_OF_TEXT,
    NO_TIMESTAMPS,
    START_OF_TRANSCRIPT,
    list_special_tokens,
    load_ranks,
    show_bytes,
)


def build_tokenizer(dims: Dimensions) -> dict[str, Any]:
    """Describe the model's tokenizer in the format of the `tokenizers` library.

    Args:
        dims: The model's dimensions.

    Returns:
        The content of `tokenizer.json`.
    """
    ranks = load_ranks(is_multilingual=dims.is_multilingual)
    specials = {text: len(ranks) + index for index, text in enumerate(list_special_tokens(dims))}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_describe_special(text, index) for text, index in specials.items()],
        "normalizer": None,
        "pre_tokenizer": _describe_byte_level(add_prefix_space=False),
        "post_processor": _describe_template(specials),
        "decoder": _describe_byte_level(add_prefix_space=True),
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "",
            "fuse_unk": False,
            "vocab": {show_bytes(token): rank for rank, token in enumerate(ranks)},
            "merges": list(list_merges(is_multilingual=dims.is_multilingual)),
        },
    }


@lru_cache(maxsize=2)
def list_merges(*, is_multilingual: bool) -> tuple[tuple[str, str], ...]:
    """Recover the merges from the ranks.

    A token was made by merging the two tokens into which it falls apart when only the merges before
    its own are applied.

    Args:
        is_multilingual: Which ranks to take.

    Returns:
        Pairs in the order of their priority.
    """
    ranks = load_ranks(is_multilingual=is_multilingual)
    index = {token: rank for rank, token in enumerate(ranks)}
    merges = [_split(token, index) for token in ranks if len(token) > 1]
    return tuple((show_bytes(left), show_bytes(right)) for left, right in merges)


def _split(token: bytes, ranks: dict[bytes, int]) -> list[bytes]:
    limit = ranks[token]
    parts = [token[i : i + 1] for i in range(len(token))]
    while len(parts) > 2:  # noqa: PLR2004 # The pair that the token's own merge joins.
        pairs = [ranks.get(left + right, limit) for left, right in pairwise(parts)]
        best = min(range(len(pairs)), key=pairs.__getitem__)
        parts[best : best + 2] = [parts[best] + parts[best + 1]]
    return parts


def _describe_special(text: str, index: int) -> dict[str, Any]:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized"), False)
    return {"id": index, "content": text, **flags, "special": True}


def _describe_byte_level(*, add_prefix_space: bool) -> dict[str, Any]:
    return {
        "type": "ByteLevel",
        "add_prefix_space": add_prefix_space,
        "trim_offsets": True,
        "use_regex": True,
    }


def _describe_template(specials: dict[str, int]) -> dict[str, Any]:
    def special(text: str, kind: int) -> dict[str, Any]:
        return {"SpecialToken": {"id": text, "type_id": kind}}

    opening = [special(START_OF_TRANSCRIPT, 0), special(NO_TIMESTAMPS, 0)]
    first = {"Sequence": {"id": "A", "type_id": 0}}
    second = {"Sequence": {"id": "B", "type_id": 1}}
    return {
        "type": "TemplateProcessing",
        "single": [*opening, first, special(END_OF_TEXT, 0)],
        "pair": [*opening, first, second, special(END_OF_TEXT, 1)],
        "special_tokens": {
            text: {"id": text, "ids": [specials[text]], "tokens": [text]}
            for text in (END_OF_TEXT, NO_TIMESTAMPS, START_OF_TRANSCRIPT)
        },
    }

"""Reads what a decoding child says of a recording, field by field, trusting none of it."""

import math
from typing import Any

from transcriber.engine.media import wire
from transcriber.engine.media.info import DecodeSummary, MediaInfo

CODES = frozenset(
    {"unsupported", "playlist", "encrypted", "empty", "no_audio", "truncated", "too_long"}
    | {"unreadable", "decoder_crashed"}
)
_MAX_TEXT = 200


def read_info(payload: bytes) -> MediaInfo:
    """Return the header's description.

    Raises:
        KeyError, TypeError, ValueError: a field is missing or is not what it should be.
    """
    fields = wire.unpack_fields(payload)
    claimed = fields["duration"]
    return MediaInfo(
        container=_read_text(fields["container"]),
        codec=_read_text(fields["codec"]),
        duration=None if claimed is None else _read_seconds(claimed),
        sample_rate=_read_count(fields["sample_rate"]),
        channels=_read_count(fields["channels"]),
        has_video=bool(fields["has_video"]),
        size_bytes=_read_count(fields["size_bytes"]),
    )


def read_summary(payload: bytes) -> DecodeSummary:
    """Return what happened while decoding.

    Raises:
        KeyError, TypeError, ValueError: a field is missing or is not what it should be.
    """
    fields = wire.unpack_fields(payload)
    return DecodeSummary(
        duration=_read_seconds(fields["duration"]),
        corrupt_packets=_read_count(fields["corrupt_packets"]),
        truncated=bool(fields["truncated"]),
    )


def read_refusal(payload: bytes) -> tuple[str, str]:
    """Return the code and the predicate ("is empty.") of a refusal.

    Raises:
        KeyError, TypeError, ValueError: a field is missing or is not what it should be.
    """
    fields = wire.unpack_fields(payload)
    code = _read_text(fields["code"])
    if code not in CODES:
        raise ValueError("The code is unknown.")
    return code, _read_text(fields["message"])


def read_layers(payload: bytes) -> dict[str, str]:
    """Return the confinement layers and their states.

    Raises:
        KeyError, TypeError, ValueError: a field is missing or is not what it should be.
    """
    layers: dict[Any, Any] = dict(wire.unpack_fields(payload)["layers"])
    return {_read_text(name): _read_text(state) for name, state in layers.items()}


def _read_text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT or not value.isprintable():
        raise ValueError("The text is not short and printable.")
    return value


def _read_seconds(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError("The time is not a number of seconds.")
    return float(value)


def _read_count(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError("The count is not a whole number.")
    return value

"""The records a decoding child writes to its pipe: a tag, a length, a payload.

The child handles hostile bytes and may be taken over by them, so the reader believes nothing:
lengths are bounded, fields are checked one by one, and text is only ever shown escaped.
"""

import json
import struct
from typing import Any, Final, cast

INFO: Final = b"I"
AUDIO: Final = b"A"
END: Final = b"E"
REFUSAL: Final = b"X"
REPORT: Final = b"R"

HEADER: Final = struct.Struct("<cI")
MAX_AUDIO_BYTES: Final = 1 << 20
MAX_TEXT_BYTES: Final = 1 << 14


def pack_record(tag: bytes, payload: bytes) -> bytes:
    """Frame one record."""
    return HEADER.pack(tag, len(payload)) + payload


def pack_fields(tag: bytes, **fields: object) -> bytes:
    """Frame named JSON fields as one record."""
    return pack_record(tag, json.dumps(fields).encode())


def is_acceptable_length(tag: bytes, length: int) -> bool:
    """Tell whether a record of this kind may be this long (audio holds whole float32 samples)."""
    if tag == AUDIO:
        return length <= MAX_AUDIO_BYTES and length % 4 == 0
    return tag in {INFO, END, REFUSAL, REPORT} and length <= MAX_TEXT_BYTES


def unpack_fields(payload: bytes) -> dict[str, Any]:
    """Read back what `pack_fields` wrote.

    Raises:
        ValueError: the payload is not a JSON object.
    """
    fields: object = json.loads(payload)
    if not isinstance(fields, dict):
        raise ValueError("The record holds no fields.")  # noqa: TRY004 - one error for bad bytes
    return cast("dict[str, Any]", fields)

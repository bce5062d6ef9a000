"""What tus 1.0 says in headers (https://tus.io/protocols/resumable-upload), and how it is read."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from transcriber.infra.errors import BadRequestError
from transcriber.uploads.models import PIECE
from transcriber.uploads.tus.errors import BodyChecksumError

VERSION = "1.0.0"
PATH = "/uploads/tus"
CONTENT_TYPE = "application/offset+octet-stream"
EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination,concatenation"
ALGORITHMS = ("sha1", "sha256", "sha512", "md5")
MAX_METADATA_LENGTH = 8_192
MAX_PIECES = 1_000

_DIGITS = re.compile(r"[0-9]{1,30}")
_KEY = re.compile(r"[\x21-\x2b\x2d-\x7e]{1,100}")
_FINAL = "final;"
# Clients name what they were given: a path, or the whole address.
_PIECE = re.compile(r"(?:https?://[^/\s]+)?(?:/[^\s?#]*)?/uploads/tus/([0-9a-f]{32})")


def read_count(name: str, text: str | None) -> int:
    """The bytes that a header counts.

    Raises:
        BadRequestError: `bad_NAME`, for anything but decimal digits.
    """
    if text is None or not _DIGITS.fullmatch(text):
        raise BadRequestError(
            f"{name} must be a number of bytes in digits.", code=_build_code(name)
        )
    return int(text)


def read_offset(text: str | None) -> int:
    """Where the body belongs.

    Raises:
        BadRequestError: `bad_upload_offset`.
    """
    offset = read_count("Upload-Offset", text)
    if offset >= 2**63:
        raise BadRequestError("No upload is as long as that.", code="bad_upload_offset")
    return offset


def read_metadata(text: str | None) -> dict[str, str]:
    """The metadata of an upload, whose values must be UTF-8.

    Raises:
        BadRequestError: `bad_upload_metadata`.
    """
    if not text:
        return {}
    if len(text) > MAX_METADATA_LENGTH:
        raise _refuse_metadata(f"may have {MAX_METADATA_LENGTH} characters")
    found: dict[str, str] = {}
    for pair in text.split(","):
        key, _, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise _refuse_metadata("must name every key once, followed by its value in base64")
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise _refuse_metadata(f"must have UTF-8 in base64 for {key!r}") from error
    return found


@dataclass(frozen=True, slots=True)
class Concat:
    """How an upload is part of a concatenation: a piece, or what is joined from `piece_ids`."""

    text: str
    piece_ids: tuple[str, ...] = ()

    @property
    def is_piece(self) -> bool:
        """Whether it is to be joined with others."""
        return self.text == PIECE


def read_concat(text: str | None) -> Concat | None:
    """What `Upload-Concat` says; None without it.

    Raises:
        BadRequestError: `bad_upload_concat`.
    """
    if text is None:
        return None
    if text == PIECE:
        return Concat(PIECE)
    names = text.removeprefix(_FINAL).split()
    matches = [_PIECE.fullmatch(name) for name in names]
    ids = tuple(match[1] for match in matches if match is not None)
    is_sound = text.startswith(_FINAL) and 0 < len(names) <= MAX_PIECES
    if not is_sound or len(ids) < len(names) or len(set(ids)) < len(ids):
        raise BadRequestError(
            "Upload-Concat must be `partial`, or `final;` and the addresses of up to "
            f"{MAX_PIECES} different partial uploads with spaces between them.",
            code="bad_upload_concat",
        )
    return Concat(_FINAL + " ".join(f"{PATH}/{each}" for each in ids), ids)


class BodyChecksum:
    """What `Upload-Checksum` announces of a body, and what comes.

    Args:
        algorithm: Name in hashlib.
        digest: As announced.
    """

    def __init__(self, algorithm: str, digest: bytes) -> None:
        self._algorithm = algorithm
        self._digest = digest
        self._state = hashlib.new(algorithm, usedforsecurity=False)

    def update(self, data: bytes | bytearray) -> None:
        """Take the next bytes."""
        self._state.update(data)

    def check(self) -> None:
        """Compare.

        Raises:
            BodyChecksumError: naming what was found.
        """
        if self._state.digest() != self._digest:
            raise BodyChecksumError(
                f"The bytes that arrived have another {self._algorithm} than was announced; "
                "nothing was kept of them.",
                extra={"algorithm": self._algorithm, "found": self._state.hexdigest()},
            )


def read_checksum(text: str | None) -> BodyChecksum | None:
    """The checksum that goes with a body; None without one.

    Raises:
        BadRequestError: `unknown_digest_algorithm` or `bad_digest`.
    """
    if text is None:
        return None
    algorithm, _, value = text.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise BadRequestError(
            f"The checksum algorithm is not known here; known are: {', '.join(ALGORITHMS)}.",
            code="unknown_digest_algorithm",
            extra={"algorithms": list(ALGORITHMS)},
        )
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != hashlib.new(algorithm, usedforsecurity=False).digest_size:
        raise BadRequestError(f"The {algorithm} checksum has not its length.", code="bad_digest")
    return BodyChecksum(algorithm, digest)


def _refuse_metadata(rule: str) -> BadRequestError:
    return BadRequestError(f"Upload-Metadata {rule}.", code="bad_upload_metadata")


def _build_code(name: str) -> str:
    return "bad_" + name.lower().replace("-", "_")

"""Checksums that a client sends along with a chunk: `Content-Digest` of RFC 9530."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping

from transcriber.infra.errors import BadRequestError
from transcriber.uploads.errors import ChecksumMismatchError

ALGORITHMS = {"sha-256": "sha256", "sha-512": "sha512"}
MAX_HEADER_LENGTH = 1_000
# A dictionary of byte sequences as RFC 8941 writes them, without parameters.
_MEMBER = re.compile(r"([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/]*={0,2}):")


class Digests:
    """SHA-256 of bytes as they come, and whatever else is to be compared with them.

    Args:
        expected: Name of each algorithm in hashlib and the digest that was announced.
    """

    def __init__(self, expected: Mapping[str, bytes] | None = None) -> None:
        self._expected = dict(expected or {})
        self._states = {name: hashlib.new(name) for name in {"sha256", *self._expected}}

    @property
    def sha256(self) -> str:
        """Of the bytes so far, in hex."""
        return self._states["sha256"].hexdigest()

    def update(self, data: bytes | bytearray) -> None:
        """Take the next bytes."""
        for state in self._states.values():
            state.update(data)

    def check(self) -> None:
        """Compare with what was announced.

        Raises:
            ChecksumMismatchError: naming the algorithm and what was found.
        """
        for name, digest in self._expected.items():
            if self._states[name].digest() != digest:
                raise ChecksumMismatchError(
                    f"The bytes that arrived have another {name} than was announced; "
                    "nothing was kept of them.",
                    extra={"algorithm": name, "found": self._states[name].hexdigest()},
                )


def read_content_digest(header: str | None) -> Digests:
    """What a `Content-Digest` header announces; nothing without one.

    Raises:
        BadRequestError: `bad_digest` or `unknown_digest_algorithm`.
    """
    expected: dict[str, bytes] = {}
    for member in header[: MAX_HEADER_LENGTH + 1].split(",") if header else ():
        match = _MEMBER.fullmatch(member.strip())
        if match is None or len(header or "") > MAX_HEADER_LENGTH:
            raise BadRequestError(
                "Content-Digest must read like `sha-256=:BASE64:` (RFC 9530).", code="bad_digest"
            )
        algorithm = _find_algorithm(match[1])
        expected[algorithm] = _decode(algorithm, match[2])
    return Digests(expected)


def _find_algorithm(name: str) -> str:
    if name not in ALGORITHMS:
        raise BadRequestError(
            f"The digest algorithm {name!r} is not known here; known are: {', '.join(ALGORITHMS)}.",
            code="unknown_digest_algorithm",
            extra={"algorithms": list(ALGORITHMS)},
        )
    return ALGORITHMS[name]


def _decode(algorithm: str, text: str) -> bytes:
    try:
        digest = base64.b64decode(text, validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != hashlib.new(algorithm).digest_size:
        raise BadRequestError(f"The {algorithm} digest has not its length.", code="bad_digest")
    return digest
